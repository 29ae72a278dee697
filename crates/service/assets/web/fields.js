// Showing values and asking for them, by the type of the field.

import { h, newId } from "./dom.js";
import * as api from "./api.js";
import { APP } from "./screens.js";

export const entityOf = (key) => APP.entities.find((entity) => entity.key === key);
export const fieldOf = (entity, key) => entity.fields.find((field) => field.key === key);
export const isNumber = (field) => ["integer", "decimal", "money"].includes(field.type);
export const isRanged = (field) => isNumber(field) || ["date", "date_time"].includes(field.type);

// What people call a record: its first text, else its first choice, else its number.
export function labelOf(entity, record) {
  const field = entity.fields.find((one) => one.type === "text" && !one.long && record[one.key])
    || entity.fields.find((one) => one.type === "enum" && record[one.key]);
  return field ? `${record[field.key]}` : `${entity.name} ${record.id}`;
}

const labels = new Map();

export function forgetLabels() {
  labels.clear();
}

// The label of a referenced record; its id where it cannot be read.
async function referencedLabel(entity, id) {
  const key = `${entity.key} ${id}`;
  if (!labels.has(key)) {
    labels.set(key, api.read(entity, id).then((record) => labelOf(entity, record), () => `${entity.name} ${id}`));
  }
  return labels.get(key);
}

// The value as text or, for references, as a link.
export async function shown(field, value) {
  if (value === null || value === undefined) return h("span", { class: "soft" }, "–");
  if (field.type === "boolean") return value ? "yes" : "no";
  if (field.type === "date_time") return value.replace("T", " ").replace("Z", " UTC");
  if (field.type !== "reference") return `${value}`;
  const target = entityOf(field.entity);
  const screen = APP.screens.find((one) => one.kind === "detail" && one.entity === target.key);
  const label = await referencedLabel(target, value);
  return screen ? h("a", { href: `#/${screen.id}/${value}` }, label) : label;
}

// The records that a reference can name: [id, label]; null where they cannot be listed or are too many to choose from.
async function choices(entity) {
  try {
    const answer = await api.list(entity, [["per_page", 1000], ["sort", "id"]]);
    if (answer.items.length < answer.total) return null;
    return answer.items.map((record) => [record.id, `${labelOf(entity, record)} (${record.id})`]);
  } catch {
    return null;
  }
}

function select(options, value, attributes) {
  const box = h("select", attributes, h("option", { value: "" }, "–"));
  for (const [key, text] of options) {
    box.append(h("option", { value: key, selected: `${key}` === `${value ?? ""}` }, text));
  }
  // A value that is not among the options must not get lost by saving.
  if (value !== null && value !== undefined && value !== "" && box.value !== `${value}`) {
    box.append(h("option", { value, selected: true }, `${value}`));
  }
  return box;
}

const TYPES = { integer: "number", decimal: "number", money: "text", date: "date", date_time: "datetime-local" };

// The control for a field, with a value in the form of JSON.
export async function control(field, value, attributes = {}) {
  if (field.type === "boolean") return select([["true", "yes"], ["false", "no"]], value, attributes);
  if (field.type === "enum") return select(field.values.map((one) => [one, one]), value, attributes);
  if (field.type === "reference") {
    const options = await choices(entityOf(field.entity));
    if (options) return select(options, value, attributes);
    return h("input", { ...attributes, type: "number", min: 1, value });
  }
  if (field.long) {
    const box = h("textarea", { ...attributes, rows: 4 });
    box.value = value ?? "";
    return box;
  }
  const text = field.type === "date_time" && value ? value.replace("Z", "") : value;
  const step = field.type === "integer" || field.type === "date_time" ? 1 : "any";
  return h("input", {
    ...attributes,
    type: TYPES[field.type] || "text",
    inputmode: field.type === "money" ? "decimal" : null,
    step: TYPES[field.type] && field.type !== "money" && field.type !== "date" ? step : null,
    value: text,
  });
}

// The value of a control as JSON; what is no number, or none that can be kept exactly, stays a text, which the service
// refuses with its reason.
export function valueOf(field, input) {
  if (input.validity && input.validity.badInput) return "?";
  const text = field.type === "text" ? input.value : input.value.trim();
  if (text === "") return null;
  if (field.type === "boolean") return text === "true";
  if (field.type === "integer" || field.type === "decimal" || field.type === "reference") {
    const number = Number(text);
    return Number.isNaN(number) || (Number.isInteger(number) && !Number.isSafeInteger(number)) ? text : number;
  }
  // As the service answers it, so that what was not changed is seen to be the same.
  if (field.type === "date_time") return `${text.length === 16 ? `${text}:00` : text}Z`;
  return text;
}

// A control with its label and a place for its problem.
export async function labelled(field, value, { name = field.key, text = field.name, required = false } = {}) {
  const id = newId();
  const input = await control(field, value, { id, name, "aria-describedby": `${id}-problem`, "aria-required": required ? "true" : null });
  const zone = field.type === "date_time" ? " (UTC)" : "";
  const mark = required ? h("span", { class: "required", title: "required" }, " *") : null;
  return h("div", { class: "field" },
    h("label", { for: id }, text, zone, mark),
    input,
    h("p", { class: "problem", id: `${id}-problem`, hidden: true }));
}

// Shows the problems of a refusal near their fields; gives back those that have no field here.
export function showProblems(form, refusal) {
  for (const input of form.querySelectorAll("[name]")) {
    const place = document.getElementById(input.getAttribute("aria-describedby"));
    const own = refusal ? refusal.all.filter((problem) => problem.field === input.name) : [];
    input.toggleAttribute("aria-invalid", false);
    if (own.length) input.setAttribute("aria-invalid", "true");
    if (place) {
      place.textContent = own.map((problem) => problem.detail).join(" ");
      place.hidden = !own.length;
    }
  }
  const first = form.querySelector("[aria-invalid=true]");
  if (first) first.focus();
  return refusal ? refusal.all.filter((problem) => !problem.field || !form.querySelector(`[name="${CSS.escape(problem.field)}"]`)) : [];
}
