// Creating and editing a record.

import { alertBox, h } from "./dom.js";
import * as api from "./api.js";
import { entityOf, fieldOf, labelled, labelOf, showProblems, valueOf } from "./fields.js";
import { go, other } from "./routes.js";

export async function formScreen(screen, id, query) {
  const entity = entityOf(screen.entity);
  let record = {};
  if (id !== undefined) {
    try {
      record = await api.read(entity, id);
    } catch (refusal) {
      return [h("h1", {}, screen.title), alertBox(refusal.message)];
    }
  }
  const state = entity.workflow?.field;
  // The state changes by the buttons of the record, not by editing.
  const fields = screen.fields
    .map((key) => fieldOf(entity, key))
    .filter((field) => field && !field.read_only && field.key !== state);
  const alerts = h("div");
  const boxes = [];
  for (const field of fields) {
    const value = id === undefined ? query.get(field.key) ?? field.default : record[field.key];
    boxes.push(await labelled(field, value, { required: field.required }));
  }
  const back = id === undefined ? `#/${other("list", entity.key)?.id || ""}` : `#/${other("detail", entity.key)?.id}/${id}`;
  const form = h("form", { class: "panel edit" }, boxes,
    h("p", { class: "row" }, h("button", { class: "main" }, "Save"), h("a", { class: "button", href: back }, "Cancel")));
  form.noValidate = true;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const values = {};
    for (const field of fields) {
      const value = valueOf(field, form.elements.namedItem(field.key));
      // Only what was changed is sent: the rest may not be ours to change.
      if (value !== (record[field.key] ?? null)) values[field.key] = value;
    }
    try {
      const saved = id === undefined ? await api.create(entity, values) : await api.update(entity, id, values);
      const detail = other("detail", entity.key);
      go(detail ? `${detail.id}/${saved.id}` : other("list", entity.key)?.id || "");
    } catch (refusal) {
      const rest = showProblems(form, refusal);
      alerts.replaceChildren(...rest.map((problem) => alertBox(problem.detail)));
    }
  });
  const title = id === undefined ? `New ${entity.name}` : `Edit ${entity.name} ${id}: ${labelOf(entity, record)}`;
  return [h("h1", {}, title), alerts, form];
}
