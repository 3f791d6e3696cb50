// Text that came from elsewhere: a message, a target, a note. It is shown as it is, and cannot pretend to be anything else.

import { pieces } from "./visible";

export function Foreign({ text }: { readonly text: string }) {
  return (
    <bdi className="zh-foreign">
      {pieces(text).map((piece, at) =>
        piece.unseen ? (
          <span key={at} className="zh-unseen">
            {piece.text}
          </span>
        ) : (
          piece.text
        ),
      )}
    </bdi>
  );
}
