// What a person can do with the pages: look, go, fill in, press. Runs in the page, beside its own modules.

(() => {
  const answers = [];
  const plain = window.fetch;
  window.fetch = async (path, options) => {
    const response = await plain(path, options);
    const headers = [...response.headers];
    const answer = { method: options?.method || "GET", path, sent: options?.body, role: options?.headers?.["X-Role"], status: response.status, headers };
    answer.text = await response.clone().text();
    answers.push(answer);
    return response;
  };

  let drawn = 0;
  document.addEventListener("DOMContentLoaded", () => {
    new MutationObserver(() => { drawn += 1; }).observe(document.getElementById("main"), { childList: true });
  });

  const until = async (what, holds) => {
    const end = Date.now() + 20000;
    for (;;) {
      const found = holds();
      if (found) return found;
      if (Date.now() > end) throw new Error(`waited in vain for ${what} at ${location.href}: ${document.body.innerText.slice(0, 400)}`);
      await new Promise((resolve) => setTimeout(resolve, 4));
    }
  };

  const text = (element) => element.textContent.trim();
  const seen = (element) => {
    element.scrollIntoView({ block: "center" });
    const box = element.getBoundingClientRect();
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return Boolean(top) && (element.contains(top) || top.contains(element));
  };
  const press = (element) => {
    if (!seen(element)) throw new Error(`\`${text(element)}\` cannot be pressed at ${location.href}`);
    element.click();
  };
  const button = (name, within = document.getElementById("main")) =>
    [...within.querySelectorAll("button, a.button")].find((one) => text(one) === name);
  const alerts = (within = document) => [...within.querySelectorAll(".alert")].map(text);

  // Opens a screen as a link to it would.
  async function open(address) {
    const before = drawn;
    if (location.hash === `#/${address}`) window.dispatchEvent(new HashChangeEvent("hashchange"));
    else location.hash = `#/${address}`;
    await until("the screen", () => drawn > before);
    return alerts();
  }

  async function act(role) {
    const box = document.querySelector("#role select");
    if (!box) return role === "";
    if (![...box.options].some((option) => option.value === role)) return false;
    if (box.value === role) return true;
    const before = drawn;
    box.value = role;
    box.dispatchEvent(new Event("change", { bubbles: true }));
    await until("the role", () => drawn > before);
    return true;
  }

  // Fills in a form; gives the names of what it has no control for, or whose control does not take the value.
  function fill(form, values) {
    const refused = [];
    for (const [name, value] of Object.entries(values)) {
      const input = form.elements.namedItem(name);
      if (!input) {
        refused.push(name);
        continue;
      }
      input.value = value;
      if (input.value !== value) refused.push(name);
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
    return refused;
  }

  // The answer to the next request of this method, and what the page shows once it has arrived. A list asks for the
  // records that it refers to as well; `path` says which answer is its own.
  async function answered(method, action, within = () => document, path = null) {
    const count = answers.length;
    const before = drawn;
    action();
    const answer = await until(`an answer to ${method}`, () => answers.slice(count).find((one) => one.method === method && (!path || new URL(one.path, location.href).pathname === path)));
    const ok = answer.status < 300;
    await until("what comes of it", () => (ok ? drawn > before : alerts().length || within().querySelector("[aria-invalid=true]")));
    const blamed = [...within().querySelectorAll("[aria-invalid=true]")].map((input) => ({
      name: input.name,
      text: text(document.getElementById(input.getAttribute("aria-describedby"))),
      focused: document.activeElement === input,
    }));
    return { answer, alerts: alerts(), blamed, at: location.hash, values: ok ? shown() : [] };
  }

  const save = () => {
    const form = document.querySelector("main form.edit");
    return answered("POST", () => press(button("Save")), () => form);
  };
  const change = () => {
    const form = document.querySelector("main form.edit");
    return answered("PATCH", () => press(button("Save")), () => form);
  };

  const shown = () => [...document.querySelectorAll("main dl dt")].map((name) => [text(name), text(name.nextElementSibling)]);

  // Presses the button of a state; fills in what the dialog asks for, where one opens.
  async function move(state, values) {
    const found = button(state);
    if (!found) return null;
    if (!Object.keys(values).length) return answered("PATCH", () => press(found));
    press(found);
    const form = await until("the dialog", () => document.querySelector("dialog[open] form:has(button.main)"));
    const refused = fill(form, values);
    if (refused.length) {
      press(button("Cancel", form));
      await until("the end of the dialog", () => !document.querySelector("dialog"));
      return null;
    }
    const done = await answered("PATCH", () => press(form.querySelector("button.main")), () => form);
    if (done.answer.status >= 300) press(button("Cancel", form));
    await until("the end of the dialog", () => !document.querySelector("dialog"));
    return done;
  }

  // Whether a dialog would ask for something before this change.
  const states = () => [...document.querySelectorAll("main > p.row:first-of-type button")].map(text);

  async function remove() {
    press(button("Delete"));
    const dialog = await until("the question", () => document.querySelector("dialog[open]"));
    return answered("DELETE", () => press(button("Delete", dialog)));
  }

  // Narrows a list by its own form.
  async function narrow(values, path) {
    const form = document.querySelector("main form[role=search]");
    form.querySelector("details").open = true;
    const refused = fill(form, values);
    if (refused.length) return null;
    return answered("GET", () => press(button("Show")), undefined, path);
  }

  const rows = () => [...document.querySelectorAll("main tbody tr")].map((row) => [...row.cells].map(text));

  async function sort(column, path) {
    const head = [...document.querySelectorAll("main th button")].find((one) => text(one).replace(/ [↑↓]$/, "") === column);
    return head ? answered("GET", () => press(head), undefined, path) : null;
  }

  async function csv() {
    const count = answers.length;
    press(button("CSV"));
    return until("the CSV", () => answers.slice(count).find((one) => one.headers.some(([name, value]) => name === "content-type" && value.startsWith("text/csv")) || one.status >= 400));
  }

  // What stands against a page: for readers of screens, for keyboards, for tired eyes, for small screens.
  function flaws() {
    const found = [];
    const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
    if (new Set(ids).size !== ids.length) found.push("an id is given twice");
    if (document.querySelectorAll("h1").length !== 1) found.push("there is not one h1");
    if (!document.title || !document.documentElement.lang) found.push("no title or language");
    for (const input of document.querySelectorAll("input, select, textarea")) {
      if (![...input.labels].some((label) => text(label))) found.push(`no label: ${input.outerHTML}`);
    }
    for (const one of document.querySelectorAll("button, a")) {
      if (!text(one) && !one.getAttribute("aria-label")) found.push(`no name: ${one.outerHTML}`);
    }
    for (const one of document.querySelectorAll("body *")) {
      if (!one.getClientRects().length || ![...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
      if (one.disabled || one.closest("option, script, noscript, .skip")) continue;
      const ratio = contrast(one);
      if (ratio < 4.5) found.push(`contrast ${ratio.toFixed(2)}: ${one.outerHTML.slice(0, 120)}`);
    }
    if (document.documentElement.scrollWidth > window.innerWidth) found.push(`${document.documentElement.scrollWidth} wide on a screen of ${window.innerWidth}`);
    return found;
  }

  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  function channels(color) {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  }
  function luminance(color) {
    const [red, green, blue] = color.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }
  function contrast(element) {
    const front = luminance(channels(getComputedStyle(element).color));
    let ground = [255, 255, 255, 255];
    for (let at = element; at; at = at.parentElement) {
      const color = channels(getComputedStyle(at).backgroundColor);
      if (color[3] === 255) {
        ground = color;
        break;
      }
    }
    const back = luminance(ground);
    return (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
  }

  window.person = { act, alerts, answers, change, csv, flaws, move, narrow, offers: (name) => Boolean(button(name)), open, remove, rows, save, shown, sort, states, until, fillEdit: (values) => fill(document.querySelector("main form.edit"), values) };
})();
