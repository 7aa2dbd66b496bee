// Small dialogs that the page itself asks: a question, a line of text.

// ask shows a small dialog and resolves to the value of the button that closed it, "" when it was dismissed.
export function ask(content) {
  const dialog = document.createElement("dialog");
  dialog.className = "ask";
  dialog.append(content);
  document.body.append(dialog);
  return new Promise((done) => {
    dialog.addEventListener("click", (e) => { if (e.target.closest("menu button")) dialog.close(e.target.closest("button").value); });
    dialog.addEventListener("close", () => { dialog.remove(); done(dialog.returnValue); });
    dialog.showModal();
  });
}

export function element(tag, properties, ...inside) {
  const e = Object.assign(document.createElement(tag), properties);
  e.append(...inside);
  return e;
}

function buttons(label, danger) {
  return element("menu", {}, element("button", { type: "button", value: "", textContent: "Cancel" }),
    element("button", { type: "button", value: "yes", textContent: label, className: danger ? "bk-danger" : "bk-primary" }));
}

export async function confirmText(words, label, danger) {
  return (await ask(element("div", {}, element("h2", { textContent: words }), buttons(label, danger)))) === "yes";
}

export async function askText(title, placeholder, label, value = "", long = false) {
  const box = element(long ? "textarea" : "input", { className: "field", value, placeholder, ariaLabel: title });
  const content = element("div", {}, element("h2", { textContent: title }), box, buttons(label));
  box.addEventListener("keydown", (e) => {
    if (e.key === "Enter" && !e.shiftKey && !e.isComposing) { e.preventDefault(); box.closest("dialog").close("yes"); }
  });
  return (await ask(content)) === "yes" ? box.value.trim() : "";
}
