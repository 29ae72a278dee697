// One record: its values, its changes of state, what refers to it.

import { alertBox, ask, h } from "./dom.js";
import * as api from "./api.js";
import { entityOf, fieldOf, labelled, labelOf, showProblems, shown, valueOf } from "./fields.js";
import { go, other, redraw } from "./routes.js";
import { APP } from "./screens.js";

// Asks for the fields that the change of state requires and does it; a refusal is shown in the dialog.
function askAndChange(entity, record, way) {
  return ask((close) => {
    const alerts = h("div");
    const form = h("form", {}, h("h2", {}, `${labelOf(entity, record)}: ${way.to}`), alerts);
    const fields = way.requires.map((key) => fieldOf(entity, key)).filter((field) => field && !field.read_only);
    (async () => {
      for (const field of fields) form.append(await labelled(field, record[field.key], { required: true }));
      form.append(h("p", { class: "row" },
        h("button", { class: "main" }, way.to),
        h("button", { type: "button", onclick: () => close() }, "Cancel")));
      const first = form.querySelector("[name]");
      if (first) first.focus();
    })();
    form.noValidate = true;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const values = { [entity.workflow.field]: way.to };
      for (const field of fields) {
        const value = valueOf(field, form.elements.namedItem(field.key));
        if (value !== record[field.key]) values[field.key] = value;
      }
      try {
        await api.update(entity, record.id, values);
        close(true);
      } catch (refusal) {
        const rest = showProblems(form, refusal);
        alerts.replaceChildren(...rest.map((problem) => alertBox(problem.detail)));
      }
    });
    return form;
  });
}

function stateButtons(entity, screen, record, alerts) {
  if (!entity.workflow) return null;
  const now = record[entity.workflow.field];
  // A change of state that has roles of its own is theirs, whoever may not edit the record otherwise.
  const open = (way) => way.roles.length > 0 || api.may(entity, "update");
  const ways = entity.workflow.transitions.filter((way) => way.from === now && screen.transitions.includes(way.to) && open(way));
  const change = async (way) => {
    const missing = way.requires.some((key) => record[key] === null || record[key] === "");
    if (missing) {
      if (await askAndChange(entity, record, way)) redraw();
      return;
    }
    try {
      await api.update(entity, record.id, { [entity.workflow.field]: way.to });
      redraw();
    } catch (refusal) {
      alerts.replaceChildren(...refusal.all.map((problem) => alertBox(problem.detail)));
    }
  };
  const button = (way) => h("button", {
    type: "button",
    class: "main",
    title: way.roles.length ? `for ${way.roles.join(", ")}` : null,
    onclick: () => change(way),
  }, way.to);
  return h("p", { class: "row" },
    h("span", {}, `${fieldOf(entity, entity.workflow.field).name}: `, h("strong", {}, `${now ?? "–"}`)),
    ways.length ? h("span", { "aria-hidden": "true" }, "→") : null,
    ways.map(button));
}

// The entities whose records are deleted with one of this entity, at whatever depth.
function goingAlong(entity) {
  const found = new Set();
  const open = [entity];
  while (open.length) {
    const one = open.pop();
    for (const child of APP.entities) {
      const goes = child.fields.some((field) => field.cascades && field.entity === one.key);
      if (goes && !found.has(child)) {
        found.add(child);
        open.push(child);
      }
    }
  }
  return APP.entities.filter((child) => found.has(child));
}

async function remove(entity, record, alerts) {
  const along = goingAlong(entity).map((child) => child.plural).join(", ");
  const sure = await ask((close) => h("div", {},
    h("p", {}, `Delete ${entity.name} “${labelOf(entity, record)}”? This cannot be undone.`),
    along ? h("p", {}, `Deleted with it: ${along}.`) : null,
    h("p", { class: "row" },
      h("button", { type: "button", class: "danger", onclick: () => close(true) }, "Delete"),
      h("button", { type: "button", onclick: () => close() }, "Keep"))));
  if (!sure) return;
  try {
    await api.remove(entity, record.id);
    go(other("list", entity.key)?.id || "");
  } catch (refusal) {
    alerts.replaceChildren(alertBox(refusal.message));
  }
}

// Links to the lists of the records that refer to this one, each with how many there are.
async function referrers(entity, record) {
  const found = [];
  for (const child of APP.entities) {
    const screen = other("list", child.key);
    for (const field of child.fields) {
      if (!screen || field.type !== "reference" || field.entity !== entity.key) continue;
      const query = new URLSearchParams([[field.key, record.id]]);
      let count = "";
      try {
        count = ` (${(await api.list(child, [[field.key, record.id], ["per_page", 1]])).total})`;
      } catch {
        // Who may not list them still sees that there is such a list.
      }
      const text = `${child.plural}${field.name === entity.name ? "" : `: ${field.name}`}${count}`;
      found.push(h("li", {}, h("a", { href: `#/${screen.id}?${query}` }, text)));
    }
  }
  return found.length ? [h("h2", {}, "Belonging to it"), h("ul", {}, found)] : [];
}

export async function detailScreen(screen, id) {
  const entity = entityOf(screen.entity);
  let record;
  try {
    record = await api.read(entity, id);
  } catch (refusal) {
    return [h("h1", {}, screen.title), alertBox(refusal.message)];
  }
  const alerts = h("div");
  const values = [];
  for (const key of screen.fields) {
    const field = fieldOf(entity, key);
    if (field) values.push(h("dt", {}, field.name), h("dd", {}, await shown(field, record[key])));
  }
  const edit = other("form", entity.key);
  return [
    h("h1", {}, `${entity.name} ${record.id}: ${labelOf(entity, record)}`),
    alerts,
    stateButtons(entity, screen, record, alerts),
    h("dl", { class: "panel" }, values),
    h("p", { class: "row" },
      edit && api.may(entity, "update") ? h("a", { class: "button", href: `#/${edit.id}/${record.id}` }, "Edit") : null,
      api.may(entity, "delete")
        ? h("button", { type: "button", class: "danger", onclick: () => remove(entity, record, alerts) }, "Delete")
        : null),
    ...await referrers(entity, record),
  ];
}
