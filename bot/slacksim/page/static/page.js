// The page's one script: keeps what is shown live, moves between places without reloading, and sends what people do.
// The server renders everything; nothing here makes HTML out of data.
import { morph } from "./morph.js";
import { blockEvents, formValues } from "./blocks.js";
import { ask, askText, confirmText, element } from "./dialogs.js";
import { composerEvents, fit, restoreDraft } from "./composer.js";

const $ = (selector, root = document) => root.querySelector(selector);
let source, dead, closing, turns = 0;

// act sends one thing that the person does. It resolves to the server's answer, or null after telling what went wrong.
export async function act(verb, body, busy) {
  busy?.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(document.body.dataset.act + verb, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    const result = await answer.json();
    if (result.go) await go(result.go);
    if (!result.error) return result;
    toast(result.error);
  } catch (error) {
    toast("The workspace does not answer: " + error.message);
  } finally {
    busy?.removeAttribute("aria-busy");
  }
  return null;
}

export function toast(words) {
  const one = document.createElement("div");
  one.className = "toast";
  one.textContent = words;
  $("#toasts").append(one);
  setTimeout(() => one.remove(), 7000);
}

// --- live updates

function connect() {
  source?.close();
  clearTimeout(dead);
  source = new EventSource(document.body.dataset.live);
  source.addEventListener("patch", (e) => patch(JSON.parse(e.data)));
  source.addEventListener("gone", () => go("/"));
  source.onopen = () => { clearTimeout(dead); document.documentElement.classList.remove("offline"); };
  source.onerror = () => {
    document.documentElement.classList.add("offline");
    if (source.readyState === EventSource.CLOSED) dead = setTimeout(connect, 1000);
  };
}

function parse(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content.firstElementChild;
}

function patch({ id, html }) {
  const old = document.getElementById(id);
  const now = parse(html);
  if (!old || !now) return;
  const logs = [...document.querySelectorAll(".log, .replies-log")].filter(atEnd);
  const gone = old.querySelector("dialog[open]");
  if (gone && !now.querySelector("dialog")) leave(gone);
  const known = id === "log" || id === "thread" ? new Set([...old.querySelectorAll(".msg")].map((m) => m.id)) : null;
  morph(old, now);
  if (document.querySelector("[data-same]")) connect(); // something was told as known that is not here: ask for everything
  if (known?.size) for (const m of document.getElementById(id)?.querySelectorAll(".msg") ?? []) if (!known.has(m.id)) glow(m);
  logs.forEach(toEnd);
  settle();
}

// glow draws the eye to a message for a moment.
function glow(message) {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const colour = getComputedStyle(document.documentElement).getPropertyValue("--mention");
  message.animate({ backgroundColor: [colour, "transparent"] }, { duration: 1500, easing: "ease-out" });
}

const atEnd = (log) => log.scrollHeight - log.scrollTop - log.clientHeight < 80;
const toEnd = (log) => { log.scrollTop = log.scrollHeight; };

// What was read to its end stays at its end when a window, a keyboard or a picture changes sizes. Scrolling that comes of
// such a change does not count.
const seen = new WeakMap();
const look = (log) => seen.set(log, { width: log.clientWidth, height: log.clientHeight, end: atEnd(log) });
document.addEventListener("scroll", ({ target: log }) => {
  const was = seen.get(log);
  if (was && was.width === log.clientWidth && was.height === log.clientHeight) look(log);
}, true);
const resized = new ResizeObserver((all) => {
  for (const { target: log } of all) {
    if (seen.get(log)?.end ?? true) toEnd(log);
    look(log);
  }
});

// settle does what HTML alone cannot: shows modals as modals, and titles the window.
function settle() {
  document.querySelectorAll(".log, .replies-log").forEach((log) => resized.observe(log));
  const modal = $("#modal dialog");
  if (modal && !modal.open && modal.dataset.view !== closing) {
    modal.showModal();
    (modal.querySelector("[autofocus], .scroll input, .scroll textarea, .scroll select, .scroll button") ?? modal).focus();
  }
  const unread = document.querySelectorAll("#side .place.unread").length;
  document.title = (unread ? "● " : "") + (document.body.dataset.title ?? "");
}

// --- moving about

export async function go(url, push = true) {
  const turn = ++turns;
  document.documentElement.dataset.going = turn;
  await arriveAt(url, push, turn).finally(() => { if (turn === turns) delete document.documentElement.dataset.going; });
}

async function arriveAt(url, push, turn) {
  const answer = await fetch(url, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (turn !== turns) return; // somebody went on elsewhere meanwhile
  if (!page.body.dataset.live) { location.href = url; return; }
  const stays = $("#log")?.dataset.place === page.querySelector("#log")?.dataset.place && document.body.dataset.act === page.body.dataset.act;
  for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
  morph(document.body, page.body);
  if (push) history.pushState(null, "", answer.url + new URL(url, location.href).hash);
  document.documentElement.classList.remove("side-open");
  connect();
  settle();
  arrive(stays);
}

// arrive puts the view where reading goes on: at the end of the messages, or at the message that the address names.
function arrive(stays) {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target) {
    target.scrollIntoView({ block: "center" });
    glow(target);
  } else if (!stays) document.querySelectorAll(".log").forEach(toEnd);
  document.querySelectorAll(".replies-log").forEach(toEnd);
  document.querySelectorAll(".composer").forEach(restoreDraft);
  if (!stays && matchMedia("(hover: hover) and (min-width: 760px)").matches) $(".main .composer textarea")?.focus();
  read();
}

// read tells the workspace that the person has seen what is shown.
function read() {
  const log = $("#log");
  if (document.visibilityState === "visible" && log?.dataset.unread === "true") act("read", { channel: log.dataset.place });
}

// --- what is pressed

const pressed = {
  side: () => document.documentElement.classList.toggle("side-open"),
  dismiss: (b) => { b.closest(".hint").remove(); document.cookie = "hint=seen; path=/; max-age=31536000; samesite=strict"; },
  hideMessage: (b) => act("dismiss", spot(b), b),
  react: (b) => act("react", { ...spot(b), name: b.dataset.name }, b),
  pick: (b) => pickEmoji(b),
  pin: (b) => act("pin", { ...spot(b), on: b.dataset.pin === "true" }, b),
  remove: async (b) => { if (await confirmText("Delete this message?", "Delete", true)) act("delete", spot(b), b); },
  edit: (b) => editMessage(b),
  shortcut: (b) => act("shortcut", { callback: b.dataset.callback, ...spot(b) }, b),
  join: (b) => act("join", { channel: b.dataset.channel }, b),
  leave: (b) => act("leave", { channel: b.dataset.channel }, b),
  kick: async (b) => {
    if (await confirmText("Remove @" + b.dataset.value + " from the channel?", "Remove", true)) act("remove", { channel: b.dataset.channel, value: b.dataset.value }, b);
  },
  rename: async (b) => {
    const name = await askText("Rename the channel", "A name in lower-case letters, digits, - and _", "Rename", b.dataset.name);
    if (name && name !== b.dataset.name) act("rename", { channel: b.dataset.channel, text: name });
  },
  archive: (b) => act("archive", { channel: b.dataset.channel, on: b.dataset.want === "true" }, b),
  convert: async (b) => {
    const on = b.dataset.want === "true";
    const words = on ? "Make this channel private? Only its members will see it." : "Make this channel public? Everybody will read all that was said in it.";
    if (await confirmText(words, on ? "Make private" : "Make public", true)) act("convert", { channel: b.dataset.channel, on }, b);
  },
  deleteChannel: async (b) => {
    if (await confirmText("Delete this channel, with all that was said in it?", "Delete", true)) act("deleteChannel", { channel: b.dataset.channel }, b);
  },
  channel: async () => {
    const name = await askText("Create a channel", "A name in lower-case letters, digits, - and _", "Create");
    if (name) act("channel", { text: name });
  },
  invite: (b) => act("invite", { channel: b.dataset.channel, value: b.parentElement.querySelector("select").value }, b),
  trouble: (b) => act("trouble", { name: b.dataset.name, value: b.closest(".knob")?.querySelector("select")?.value ?? "" }, b),
  control: (b) => act("control", { name: b.dataset.name }, b),
  reset: async (b) => {
    if (await confirmText("Put the workspace back to how it began? Every message in it goes.", "Reset", true)) act("reset", {}, b);
  },
  closeView: (b) => closeView(b.closest("dialog")),
};

const spot = (b) => {
  const m = b.closest("[data-ts]");
  return m ? { channel: m.dataset.channel, ts: m.dataset.ts } : { channel: $("#log")?.dataset.place ?? "" };
};

// closeView closes a modal at once, so that what is typed next goes where the person looks; it comes back if the workspace
// does not hear of it.
async function closeView(dialog) {
  const view = closing = dialog.dataset.view;
  const fields = formValues(dialog);
  leave(dialog);
  if (await act("close", { view, fields })) return;
  closing = null;
  settle();
}

// leave closes a dialog and gives typing back to the field that it was opened from, or to the composer. Focus alone is not
// enough in Chromium: the caret stays in what is gone.
function leave(dialog) {
  dialog.close();
  const back = document.activeElement?.matches("textarea, input") ? document.activeElement : $(".main .composer textarea");
  back?.blur();
  back?.focus();
}

async function editMessage(b) {
  const was = b.closest("[data-ts]").dataset.source ?? "";
  const text = await askText("Edit message", "", "Save", was, true);
  if (text && text !== was) act("edit", { ...spot(b), text });
}

function pickEmoji(b) {
  const picker = $("#picker");
  const where = spot(b);
  const search = $("input", picker);
  picker.onclick = (e) => {
    const name = e.target.closest("button")?.dataset.name;
    if (name) { picker.close(); act("react", { ...where, name }); }
  };
  search.oninput = () => {
    for (const one of picker.querySelectorAll("button")) one.hidden = !one.dataset.name.includes(search.value.trim().toLowerCase());
  };
  search.onkeydown = (e) => { if (e.key === "Enter") { e.preventDefault(); picker.querySelector("button:not([hidden])")?.click(); } };
  search.value = "";
  search.oninput();
  picker.showModal();
}

document.addEventListener("click", (e) => {
  const link = e.target.closest("a[href]");
  if (link && link.origin === location.origin && !link.target && !e.ctrlKey && !e.metaKey && !e.shiftKey && e.button === 0) {
    e.preventDefault();
    go(link.href);
    return;
  }
  const button = e.target.closest("[data-do]");
  if (button) pressed[button.dataset.do]?.(button);
  if (document.documentElement.classList.contains("side-open") && !e.target.closest("#side, .burger")) document.documentElement.classList.remove("side-open");
  for (const menu of document.querySelectorAll("details.menu[open], details.bk-menu[open]"))
    if (!menu.contains(e.target) || (e.target.closest(".pop button, .bk-pop button"))) menu.open = false;
});

document.addEventListener("keydown", (e) => {
  if (e.key !== "Escape") return;
  const menu = document.activeElement?.closest("details[open]") ?? $("details.menu[open], details.bk-menu[open]");
  if (menu) {
    menu.open = false;
    $("summary", menu).focus();
    e.preventDefault();
    return;
  }
  document.documentElement.classList.remove("side-open");
  const focus = document.activeElement;
  if (!$("dialog[open]")) (focus === document.body ? $(".pane .x") : $(".x", focus.closest(".pane") ?? element("i")))?.click();
});

// A modal is closed by the workspace, not by the browser: Escape asks for it like its Cancel button.
document.addEventListener("cancel", (e) => {
  const dialog = e.target.closest("#modal dialog");
  if (dialog) { e.preventDefault(); closeView(dialog); }
}, true);

document.addEventListener("submit", (e) => {
  const dialog = e.target.closest("#modal dialog");
  if (!dialog) return;
  e.preventDefault();
  act("submit", { view: dialog.dataset.view, fields: formValues(dialog) }, e.submitter);
});

// What an envelope or a call held is fetched when somebody opens it.
document.addEventListener("toggle", async (e) => {
  const entry = e.target;
  if (entry.open && entry.matches("details.menu")) $(".pop", entry)?.scrollIntoView({ block: "nearest" });
  if (entry.dataset?.load && entry.open) {
    const answer = await fetch(entry.dataset.load);
    $("pre", entry).textContent = await answer.text();
  }
}, true);

addEventListener("popstate", () => go(location.href, false));
document.addEventListener("visibilitychange", read);
new MutationObserver(read).observe(document.body, { attributes: true, attributeFilter: ["data-unread"], subtree: true });
matchMedia("(max-width: 760px)").addEventListener("change", () => document.documentElement.classList.remove("side-open"));

blockEvents(act, ask);
composerEvents(act);
connect();
settle();
arrive(false);
document.querySelectorAll(".composer textarea").forEach(fit);
document.documentElement.classList.add("ready");
