// The frame around the screens: navigation, the role, the screen that the address names.

import { alertBox, h, newId } from "./dom.js";
import { chooseRole, role } from "./api.js";
import { forgetLabels } from "./fields.js";
import { current, redraw } from "./routes.js";
import { detailScreen } from "./detail.js";
import { formScreen } from "./form.js";
import { listScreen } from "./list.js";
import { totalsScreen } from "./totals.js";
import { APP } from "./screens.js";

const KINDS = { list: listScreen, detail: detailScreen, form: formScreen, totals: totalsScreen };

// Every flow as the steps that can be entered without a record.
function startScreen() {
  const flows = APP.flows.map((flow) => {
    const screens = flow.steps.map((id) => APP.screens.find((screen) => screen.id === id)).filter(Boolean);
    const step = (screen) => screen.kind === "detail" ? h("span", {}, screen.title) : h("a", { href: `#/${screen.id}` }, screen.title);
    const parts = screens.flatMap((screen, index) => index ? [" → ", step(screen)] : [step(screen)]);
    return h("div", { class: "panel" }, h("strong", {}, flow.title), h("br"), parts);
  });
  return [h("h1", {}, APP.title), flows];
}

function navigation(screen) {
  const lists = APP.screens.filter((one) => one.kind === "list");
  return lists.map((one) => h("a", {
    href: `#/${one.id}`,
    "aria-current": screen && screen.entity === one.entity ? "page" : null,
  }, one.title));
}

function roleChooser() {
  if (!APP.roles.length) return [];
  const id = newId();
  const box = h("select", { id, onchange: (event) => {
    chooseRole(event.target.value);
    redraw();
  } }, h("option", { value: "" }, "no role"), APP.roles.map((name) => h("option", { value: name, selected: name === role() }, name)));
  return [h("label", { for: id }, "You are"), box];
}

let latest = 0;

async function draw() {
  latest += 1;
  const mine = latest;
  const { screen, name, id, query } = current();
  forgetLabels();
  document.getElementById("nav").replaceChildren(...navigation(screen));
  let content;
  try {
    if (screen) content = await KINDS[screen.kind](screen, id, query);
    else content = name ? [alertBox("There is no such screen.")] : startScreen();
  } catch (error) {
    content = [alertBox(error.message)];
  }
  // A slow answer must not replace the screen that was opened meanwhile.
  if (mine !== latest) return;
  const main = document.getElementById("main");
  main.replaceChildren(...content.flat().filter(Boolean));
  const title = main.querySelector("h1")?.textContent;
  document.title = title && title !== APP.title ? `${title} – ${APP.title}` : APP.title;
}

window.addEventListener("hashchange", async () => {
  await draw();
  document.getElementById("main").focus({ preventScroll: false });
});
document.getElementById("role").replaceChildren(...roleChooser());
draw();
