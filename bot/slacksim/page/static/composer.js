// The composer: grows with its text, keeps drafts, completes commands, people, channels and emoji, and sends.

const drafts = (composer) => "draft:" + composer.dataset.drafts;

export function fit(box) {
  box.style.height = "auto";
  box.style.height = box.scrollHeight + "px";
}

export function restoreDraft(composer) {
  const box = composer.querySelector("textarea");
  if (!box || box.value) return;
  box.value = sessionStorage.getItem(drafts(composer)) ?? "";
  fit(box);
}

// base64 is what a file holds, as JSON can carry it.
function base64(file) {
  return new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => fail(reader.error);
    reader.readAsDataURL(file);
  });
}

export function composerEvents(act) {
  let asked = 0;
  const listOf = (box) => box.closest(".composer").querySelector(".offers");
  const chosen = (list) => list.querySelector('[aria-selected="true"]');

  function close(box) {
    asked++;
    const list = listOf(box);
    list.hidden = true;
    list.replaceChildren();
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  }

  function choose(box, item) {
    const list = listOf(box);
    for (const one of list.children) one.setAttribute("aria-selected", one === item);
    item.scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", item.id);
  }

  // typedOut says whether the word is there already, so that Enter sends instead of completing.
  const typedOut = (box, item) => box.value.slice(Number(item.dataset.from), box.selectionStart) === item.dataset.insert.trim();

  function take(box, item) {
    const upTo = box.selectionStart;
    const text = box.value;
    box.setRangeText(item.dataset.insert, Number(item.dataset.from), upTo, "end");
    if (text !== box.value) box.dispatchEvent(new InputEvent("input", { bubbles: true }));
    box.focus();
  }

  // offer asks the server what could complete the text before the caret.
  async function offer(box) {
    const turn = ++asked;
    const before = box.value.slice(0, box.selectionStart);
    const token = before.match(/(?:^|\s)([@#:][^\s@#:]*)$/)?.[1] ?? (before.startsWith("/") && !before.includes("\n") ? before : "");
    if (token.length < (token[0] === ":" ? 3 : 1)) return close(box);
    const composer = box.closest(".composer");
    listOf(box).hidden = true; // until what fits the new text is here, nothing else may be taken
    const query = new URLSearchParams({ q: token, c: composer.dataset.channel });
    const answer = await fetch(composer.dataset.offers + "?" + query);
    const offers = await answer.json();
    if (turn !== asked || document.activeElement !== box) return;
    if (!offers?.length) return close(box);
    const list = listOf(box);
    list.replaceChildren(...offers.map((one, i) => {
      const item = document.createElement("li");
      item.id = list.id + "-" + i;
      const name = document.createElement("b"), hint = document.createElement("span");
      name.textContent = one.label;
      hint.textContent = one.hint;
      item.append(name, hint);
      if (!one.insert) { item.className = "usage"; return item; }
      Object.assign(item.dataset, { insert: one.insert, from: before.length - token.length });
      item.role = "option";
      return item;
    }));
    list.hidden = false;
    box.setAttribute("aria-expanded", "true");
    const first = list.querySelector("[data-insert]");
    if (first) choose(box, first);
  }

  async function send(composer) {
    const box = composer.querySelector("textarea");
    const text = box.value;
    if (!text.trim()) return;
    close(box);
    box.value = "";
    sessionStorage.removeItem(drafts(composer));
    fit(box);
    const also = composer.querySelector("[data-also]");
    const on = also?.checked ?? false;
    if (also) also.checked = false;
    const sent = await act("send", { channel: composer.dataset.channel, thread: composer.dataset.thread ?? "", text, on },
      composer.querySelector(".send"));
    if (!sent && !box.value) {
      box.value = text;
      fit(box);
    }
  }

  // Files go out at once, with what stands in the box as their words.
  document.addEventListener("change", async (e) => {
    if (!e.target.matches("[data-attach]")) return;
    const composer = e.target.closest(".composer");
    const box = composer.querySelector("textarea");
    const files = await Promise.all([...e.target.files].map(async (file) => ({ name: file.name, content: await base64(file) })));
    e.target.value = "";
    const text = box.value;
    const on = composer.querySelector("[data-also]")?.checked ?? false;
    if (!files.length || !await act("send", { channel: composer.dataset.channel, thread: composer.dataset.thread ?? "", text, on, files })) return;
    box.value = "";
    sessionStorage.removeItem(drafts(composer));
    fit(box);
  });

  document.addEventListener("input", (e) => {
    const box = e.target.closest(".composer textarea");
    if (!box) return;
    fit(box);
    sessionStorage.setItem(drafts(box.closest(".composer")), box.value);
    offer(box);
  });

  document.addEventListener("keydown", (e) => {
    const box = e.target.closest?.(".composer textarea");
    if (!box || e.isComposing) return;
    const list = listOf(box);
    const item = list.hidden ? null : chosen(list);
    if (item && (e.key === "ArrowDown" || e.key === "ArrowUp")) {
      e.preventDefault();
      const items = [...list.querySelectorAll("[data-insert]")];
      const step = e.key === "ArrowDown" ? 1 : items.length - 1;
      choose(box, items[(items.indexOf(item) + step) % items.length]);
    } else if (item && (e.key === "Tab" || (e.key === "Enter" && !e.shiftKey && !typedOut(box, item)))) {
      e.preventDefault();
      take(box, item);
    } else if (e.key === "Escape") {
      if (!list.hidden) { e.preventDefault(); e.stopPropagation(); }
      close(box); // also what was asked for and has not come yet
    } else if (e.key === "Enter" && !e.shiftKey) {
      e.preventDefault();
      send(box.closest(".composer"));
    }
  }, true);

  document.addEventListener("mousedown", (e) => {
    const item = e.target.closest(".offers [data-insert]");
    if (!item) return;
    e.preventDefault();
    take(item.closest(".composer").querySelector("textarea"), item);
  });

  document.addEventListener("focusout", (e) => {
    if (e.target.matches?.(".composer textarea") && !e.target.closest(".composer").contains(e.relatedTarget)) close(e.target);
  });

  document.addEventListener("submit", (e) => {
    const composer = e.target.closest(".composer");
    if (composer) { e.preventDefault(); send(composer); }
  });
}
