// Where to log in so that one comes back to the page of now.

export function loginAddress(): string {
  const { pathname, search } = window.location;
  return `/login?${new URLSearchParams({ next: pathname + search }).toString()}`;
}
