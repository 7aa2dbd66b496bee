// What people do with Block Kit: presses, choices, what they type into fields.

const noValue = new Set(["button", "workflow_button", "overflow"]);

// valuesOf reads what an interactive element holds, as a list of strings.
export function valuesOf(el) {
  const kind = el.dataset.bk;
  if (kind === "checkboxes" || kind === "radio_buttons" || (kind.startsWith("multi_") && el.querySelector(".bk-pop")))
    return [...el.querySelectorAll("input:checked")].map((i) => i.value);
  const control = el.querySelector("input, select, textarea");
  if (!control) return [];
  return (kind === "multi_external_select" ? control.value.split(",") : [control.value]).map((v) => v.trim()).filter(Boolean);
}

// formValues are all fields of a view.
export function formValues(root) {
  return [...root.querySelectorAll("[data-bk]")].filter((el) => !noValue.has(el.dataset.bk))
    .map((el) => ({ block: el.dataset.blockId, action: el.dataset.actionId, kind: el.dataset.bk, values: valuesOf(el) }));
}

export function blockEvents(act, ask) {
  // send tells the app of one element, once its confirm dialog was answered.
  async function send(el, values, busy) {
    const question = el.querySelector("template.bk-confirm");
    if (question && (await ask(question.content.cloneNode(true))) !== "confirm") return;
    const message = el.closest("[data-ts]"), view = el.closest("[data-view]");
    const body = { block: el.dataset.blockId, action: el.dataset.actionId, kind: el.dataset.bk, values };
    if (view) Object.assign(body, { view: view.dataset.view, fields: formValues(view) });
    else if (message) Object.assign(body, { channel: message.dataset.channel, ts: message.dataset.ts });
    await act("click", body, busy);
  }

  document.addEventListener("click", (e) => {
    const button = e.target.closest("[data-bk] button");
    const el = button?.closest("[data-bk]");
    if (!el || !noValue.has(el.dataset.bk)) return;
    if (button.dataset.url) window.open(button.dataset.url, "_blank", "noopener,noreferrer");
    send(el, el.dataset.bk === "overflow" ? [button.dataset.value] : [], button);
  });

  document.addEventListener("change", (e) => {
    const el = e.target.closest("[data-bk]");
    if (!el) return;
    const pop = e.target.closest(".bk-multi .bk-pop");
    if (pop) {
      const most = Number(pop.dataset.most || 0);
      const chosen = [...pop.querySelectorAll("input:checked")];
      if (most && chosen.length > most) { e.target.checked = false; return; }
      const label = el.querySelector(".bk-chosen");
      label.textContent = chosen.map((i) => i.dataset.label).join(", ") || label.dataset.placeholder;
    }
    if (el.dataset.dispatch === "change") send(el, valuesOf(el), el);
  });

  document.addEventListener("keydown", (e) => {
    const el = e.target.closest?.("[data-bk]");
    if (!el || e.key !== "Enter" || e.isComposing || e.target.nodeName !== "INPUT" || e.target.type === "checkbox" || e.target.type === "radio") return;
    if (el.dataset.dispatch === "enter") {
      e.preventDefault();
      send(el, valuesOf(el), el);
    }
  });

  const waiting = new WeakMap();

  // suggest asks the app what could be picked in a menu that it fills while somebody types.
  async function suggest(el, box) {
    const message = el.closest("[data-ts]"), view = el.closest("[data-view]");
    const typed = el.dataset.bk === "multi_external_select" ? box.value.split(",").pop().trim() : box.value.trim();
    const list = el.querySelector("datalist");
    if (!list || [...list.children].some((one) => one.value === box.value)) return;
    const before = box.value.slice(0, box.value.length - typed.length);
    const body = { block: el.dataset.blockId, action: el.dataset.actionId, text: typed };
    if (view) body.view = view.dataset.view;
    else if (message) Object.assign(body, { channel: message.dataset.channel, ts: message.dataset.ts });
    const answer = await act("suggest", body);
    list.replaceChildren(...(answer?.options ?? []).map((text) => Object.assign(document.createElement("option"), { value: before + text })));
  }

  document.addEventListener("input", (e) => {
    const external = e.target.closest("[data-bk$=external_select]");
    if (!external || e.target.nodeName !== "INPUT") return;
    clearTimeout(waiting.get(external));
    waiting.set(external, setTimeout(() => suggest(external, e.target), 200));
  });

  document.addEventListener("input", (e) => {
    const el = e.target.closest("[data-bk][data-dispatch=input]");
    if (!el) return;
    clearTimeout(waiting.get(el));
    waiting.set(el, setTimeout(() => send(el, valuesOf(el)), 300));
  });
}
