// Changes one tree of elements into another with as few changes as possible, so that focus, selection, scroll and what
// somebody has typed or opened stay where they are.
const open = new Set(["DETAILS", "DIALOG"]);
const keyOf = (node) => (node.nodeType === 1 ? node.id || node.dataset.key || "" : "");
const like = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && keyOf(a) === keyOf(b);

export function morph(from, to) {
  if (!like(from, to)) {
    from.replaceWith(to);
    return;
  }
  if (from.nodeType !== 1) {
    if (from.nodeValue !== to.nodeValue) from.nodeValue = to.nodeValue;
    return;
  }
  if (to.hasAttribute("data-same") || from.isEqualNode(to) || from.hasAttribute("data-keep")) return;
  attributes(from, to);
  if (from.nodeName === "TEXTAREA") {
    if (from.defaultValue === to.defaultValue) return;
    const typed = from.value;
    from.defaultValue = from.value = to.defaultValue;
    if (from === document.activeElement) from.value = typed;
    return;
  }
  const chosen = from.nodeName === "SELECT" && marked(from) !== marked(to);
  children(from, to);
  if (chosen) from.value = marked(from);
}

const marked = (select) => [...select.options].find((o) => o.hasAttribute("selected"))?.value ?? "";

function attributes(from, to) {
  for (const { name, value } of [...to.attributes]) {
    if (from.getAttribute(name) === value || (name === "open" && open.has(from.nodeName))) continue;
    from.setAttribute(name, value);
    if (name === "value" && from.nodeName === "INPUT" && from.type !== "checkbox" && from.type !== "radio" && from !== document.activeElement) from.value = value;
    if (name === "checked") from.checked = true;
  }
  for (const { name } of [...from.attributes]) {
    if (to.hasAttribute(name) || (name === "open" && open.has(from.nodeName)) || name === "aria-busy") continue;
    from.removeAttribute(name);
    if (name === "checked") from.checked = false;
  }
}

function children(from, to) {
  const keyed = new Map();
  for (const child of from.childNodes) if (keyOf(child)) keyed.set(keyOf(child), child);
  let at = from.firstChild;
  for (const wanted of [...to.childNodes]) {
    const key = keyOf(wanted);
    let match = key ? keyed.get(key) : at;
    keyed.delete(key);
    if (!key) while (match && keyOf(match)) match = match.nextSibling;
    if (!match || !like(match, wanted)) {
      from.insertBefore(wanted, at);
      continue;
    }
    if (match === at) at = at.nextSibling;
    else from.insertBefore(match, at);
    morph(match, wanted);
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}
