// Many records: filters, search, order, pages, CSV.

import { alertBox, h, newId } from "./dom.js";
import * as api from "./api.js";
import { entityOf, fieldOf, isNumber, isRanged, labelled, labelOf, shown } from "./fields.js";
import { link, other } from "./routes.js";

// Filters by a range get two boxes, named as the service names its parameters.
async function filterBoxes(entity, screen, query) {
  const boxes = [];
  for (const key of screen.filters) {
    const field = fieldOf(entity, key);
    if (!field) continue;
    if (isRanged(field)) {
      for (const [end, word] of [["from", "from"], ["to", "to"]]) {
        const name = `${key}_${end}`;
        boxes.push(await labelled(field, query.get(name), { name, text: `${field.name} ${word}` }));
      }
    } else {
      boxes.push(await labelled({ ...field, long: false }, query.get(key)));
    }
  }
  return boxes;
}

function wanted(form, query) {
  const next = new URLSearchParams();
  for (const input of form.querySelectorAll("[name]")) {
    if (input.value.trim()) next.append(input.name, input.value.trim());
  }
  if (query.get("sort")) next.set("sort", query.get("sort"));
  return next;
}

function headCell(field, screen, query) {
  const now = query.get("sort");
  const direction = now === field.key ? "ascending" : now === `-${field.key}` ? "descending" : null;
  const go = () => {
    const next = new URLSearchParams(query);
    next.delete("page");
    next.set("sort", direction === "ascending" ? `-${field.key}` : field.key);
    link(screen.id, next);
  };
  const arrow = { ascending: " ↑", descending: " ↓" }[direction] || "";
  return h("th", { scope: "col", "aria-sort": direction, class: isNumber(field) ? "number" : null },
    h("button", { type: "button", onclick: go }, field.name + arrow));
}

async function row(entity, screen, fields, record) {
  const detail = other("detail", entity.key);
  const name = labelOf(entity, record);
  const cells = [h("td", {}, detail ? h("a", { href: `#/${detail.id}/${record.id}`, "aria-label": name }, `${record.id}`) : `${record.id}`)];
  for (const field of fields) {
    const value = await shown(field, record[field.key]);
    const first = detail && field === fields[0] && typeof value === "string";
    cells.push(h("td", { class: isNumber(field) ? "number" : null },
      first ? h("a", { href: `#/${detail.id}/${record.id}` }, value) : value));
  }
  return h("tr", {}, cells);
}

function pages(screen, query, answer) {
  const to = (page) => () => {
    const next = new URLSearchParams(query);
    next.set("page", page);
    link(screen.id, next);
  };
  const last = Math.max(1, Math.ceil(answer.total / answer.per_page));
  return h("nav", { class: "row", "aria-label": "Pages" },
    h("button", { type: "button", disabled: answer.page <= 1, onclick: to(answer.page - 1) }, "Previous"),
    h("span", {}, `page ${answer.page} of ${last}, ${answer.total} in all`),
    h("button", { type: "button", disabled: answer.page >= last, onclick: to(answer.page + 1) }, "Next"));
}

async function download(entity, query, place) {
  const asked = new URLSearchParams(query);
  asked.delete("page");
  try {
    const url = URL.createObjectURL(await api.csv(entity, asked));
    const file = h("a", { href: url, download: `${entity.path}.csv` });
    file.click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  } catch (refusal) {
    place.replaceChildren(alertBox(refusal.message));
  }
}

export async function listScreen(screen, _id, query) {
  const entity = entityOf(screen.entity);
  const fields = screen.fields.map((key) => fieldOf(entity, key)).filter(Boolean);
  const search = newId();
  const form = h("form", { class: "panel", role: "search" },
    h("div", { class: "filters" },
      h("div", { class: "field" }, h("label", { for: search }, "Search"),
        h("input", { id: search, name: "q", type: "search", value: query.get("q") }))),
    h("details", { open: screen.filters.some((key) => [key, `${key}_from`, `${key}_to`].some((name) => query.get(name))) },
      h("summary", {}, "Filters"),
      h("div", { class: "filters" }, await filterBoxes(entity, screen, query))),
    h("div", { class: "row" },
      h("button", { class: "main" }, "Show"),
      h("a", { href: `#/${screen.id}` }, "Reset")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    link(screen.id, wanted(form, query));
  });
  const place = h("div");
  const edit = other("form", entity.key);
  const totals = other("totals", entity.key);
  const tools = h("p", { class: "row" },
    edit && api.may(entity, "create") ? h("a", { class: "button main", href: `#/${edit.id}` }, `New ${entity.name}`) : null,
    totals ? h("a", { class: "button", href: `#/${totals.id}` }, "Totals") : null,
    h("a", { class: "button", href: `/${encodeURIComponent(entity.path)}`, download: `${entity.path}.csv`, onclick: (event) => {
      event.preventDefault();
      download(entity, query, place);
    } }, "CSV"));
  const found = [h("h1", {}, screen.title), tools, form, place];
  try {
    const answer = await api.list(entity, query);
    const rows = await Promise.all(answer.items.map((record) => row(entity, screen, fields, record)));
    const head = [{ key: "id", name: "no.", type: "text" }, ...fields].map((field) => headCell(field, screen, query));
    found.push(rows.length
      ? h("div", { class: "scroll" }, h("table", {}, h("thead", {}, h("tr", {}, head)), h("tbody", {}, rows)))
      : h("p", { class: "soft" }, `No ${entity.plural} found.`));
    found.push(pages(screen, query, answer));
  } catch (refusal) {
    place.append(alertBox(refusal.message));
  }
  return found;
}
