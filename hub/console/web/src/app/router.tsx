// Which page is shown at which address.

import { createBrowserRouter, useRouteError } from "react-router";
import { BrokenPage, MissingPage, NoRightPage } from "./BrokenPage";
import { PLACES, type Place } from "./places";
import { useSession } from "./session";
import { Shell } from "./Shell";
import { useShellTexts } from "./texts";

async function guarded({ load, right }: Place) {
  const { Component: Page } = await load();
  return {
    Component: function Guarded() {
      return useSession().may(right) ? <Page /> : <NoRightPage />;
    },
  };
}

function Loading() {
  return <p className="zh-alone">{useShellTexts().loading}</p>;
}

function Broken() {
  return <BrokenPage error={useRouteError()} />;
}

export function makeRouter() {
  return createBrowserRouter([
    {
      path: "/",
      Component: Shell,
      ErrorBoundary: Broken,
      HydrateFallback: Loading,
      children: [
        ...PLACES.map((place) => ({
          path: place.path,
          HydrateFallback: Loading,
          ErrorBoundary: Broken,
          lazy: () => guarded(place),
        })),
        { path: "*", Component: MissingPage },
      ],
    },
  ]);
}
