// Talking to the service, in the role that was chosen.

import { APP } from "./screens.js";

const ROLE = "role";

// Another service may have stood at this address before, with roles of its own.
export function role() {
  const chosen = localStorage.getItem(ROLE) || "";
  return APP.roles.includes(chosen) ? chosen : "";
}

export function chooseRole(name) {
  localStorage.setItem(ROLE, name);
}

// Names of roles compare without case, spaces, hyphens and underscores.
const plain = (name) => name.toLowerCase().replace(/[\s_-]/g, "");

// Whether no rule bars the chosen role from this: "create", "update", "delete".
export function may(entity, action) {
  const barred = entity.barred?.[action] || [];
  return !barred.some((name) => plain(name) === plain(role()));
}

// A refusal: the problem document of the service.
export class Refusal extends Error {
  constructor(problem) {
    super(problem.detail);
    this.problem = problem;
  }

  // All problems: {detail, field?}.
  get all() {
    return this.problem.errors || [this.problem];
  }
}

async function send(method, path, body, accept = "application/json") {
  const headers = { Accept: accept };
  // Header values are bytes: names of roles travel as UTF-8.
  if (role()) headers["X-Role"] = String.fromCharCode(...new TextEncoder().encode(role()));
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new Refusal({ detail: "The service does not answer. Is it still running?" });
  }
  if (response.ok) return response;
  let problem;
  try {
    problem = await response.json();
  } catch {
    problem = { detail: `The service answered ${response.status}.` };
  }
  throw new Refusal(problem);
}

function address(entity, id, query) {
  const path = `/${encodeURIComponent(entity.path)}` + (id === undefined ? "" : `/${id}`);
  const text = new URLSearchParams(query || []).toString();
  return text ? `${path}?${text}` : path;
}

export const list = async (entity, query) => (await send("GET", address(entity, undefined, query))).json();
export const totals = async (entity, query) => (await send("GET", address(entity, "totals", query))).json();
export const read = async (entity, id) => (await send("GET", address(entity, id))).json();
export const create = async (entity, values) => (await send("POST", address(entity), values)).json();
export const update = async (entity, id, values) => (await send("PATCH", address(entity, id), values)).json();
export const remove = (entity, id) => send("DELETE", address(entity, id));
export const csv = async (entity, query) => (await send("GET", address(entity, undefined, query), undefined, "text/csv")).blob();
