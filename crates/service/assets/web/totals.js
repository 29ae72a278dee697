// Counts and sums by group.

import { alertBox, h, newId } from "./dom.js";
import * as api from "./api.js";
import { entityOf, fieldOf, shown } from "./fields.js";
import { link } from "./routes.js";

// The field that a group's value is one of: an own one, or `reference.field`.
function groupField(entity, by) {
  const [first, second] = by.split(".");
  const field = fieldOf(entity, first);
  return second && field ? fieldOf(entityOf(field.entity), second) : field;
}

function groupName(entity, by) {
  const [first, second] = by.split(".");
  const field = fieldOf(entity, first);
  return second ? `${field.name}: ${groupField(entity, by).name}` : field.name;
}

export async function totalsScreen(screen, _id, query) {
  const entity = entityOf(screen.entity);
  const ways = screen.filters.filter((by) => groupField(entity, by));
  const by = query.get("by") || ways[0];
  const id = newId();
  const box = h("select", { id, onchange: (event) => link(screen.id, new URLSearchParams([["by", event.target.value]])) },
    ways.map((way) => h("option", { value: way, selected: way === by }, groupName(entity, way))));
  const found = [h("h1", {}, screen.title), h("div", { class: "panel" }, h("label", { for: id }, "by"), box)];
  if (!by) return found;
  try {
    const answer = await api.totals(entity, [["by", by]]);
    const names = [...new Set(answer.items.flatMap((item) => Object.keys(item)))].filter((name) => name !== "value");
    const title = (name) => fieldOf(entity, name)?.name || name.replaceAll("_", " ");
    const head = [h("th", { scope: "col" }, groupName(entity, by)), ...names.map((name) => h("th", { scope: "col", class: "number" }, title(name)))];
    const field = groupField(entity, by);
    const rows = await Promise.all(answer.items.map(async (item) => h("tr", {},
      h("th", { scope: "row" }, await shown(field, item.value)),
      names.map((name) => h("td", { class: "number" }, `${item[name] ?? "–"}`)))));
    found.push(rows.length
      ? h("div", { class: "scroll" }, h("table", {}, h("thead", {}, h("tr", {}, head)), h("tbody", {}, rows)))
      : h("p", { class: "soft" }, `There are no ${entity.plural} yet.`));
  } catch (refusal) {
    found.push(alertBox(refusal.message));
  }
  return found;
}
