// Building elements. Text only ever goes in as text, so nothing that people typed can become markup.

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

let last = 0;

// An id to bind a label to its input.
export function newId() {
  last += 1;
  return `i${last}`;
}

export function alertBox(text) {
  return h("p", { class: "alert", role: "alert" }, text);
}

// Shows a dialog; `build(close)` gives its content. Resolves to what was handed to `close`, or undefined.
export function ask(build) {
  return new Promise((resolve) => {
    const dialog = h("dialog");
    let answer;
    dialog.append(build((value) => {
      answer = value;
      dialog.close();
    }));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
