// Addresses of screens: `#/<screen id>/<record id>?<query>`.

import { APP } from "./screens.js";

export const other = (kind, entity) => APP.screens.find((screen) => screen.kind === kind && screen.entity === entity);

export function go(address) {
  window.location.hash = `#/${address}`;
}

// Another view of the same list.
export function link(screen, query) {
  const text = query.toString();
  go(text ? `${screen}?${text}` : screen);
}

export function current() {
  const [path, text = ""] = window.location.hash.replace(/^#\/?/, "").split("?");
  const [screen, id] = path.split("/").map(decodeURIComponent);
  return { screen: APP.screens.find((one) => one.id === screen), name: screen, id, query: new URLSearchParams(text) };
}

export function redraw() {
  window.dispatchEvent(new HashChangeEvent("hashchange"));
}
