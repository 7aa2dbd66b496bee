package pagetest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Window is one tab of the browser. Every method fails the test when it cannot do what it says within twenty seconds.
type Window struct {
	t   testing.TB
	ctx context.Context

	mu         sync.Mutex
	complaints []string
}

// Open opens an address in a new window and waits until its page is live.
func (b *Browser) Open(t testing.TB, address string) *Window {
	t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx)
	w := &Window{t: t, ctx: ctx}
	asked := make(chan struct{}, 16)
	if err := chromedp.Listen(ctx, func(event any) { w.note(event, asked) }); err != nil {
		cancel()
		t.Fatalf("open a window: %v", err)
	}
	var work sync.WaitGroup
	work.Go(func() { w.decline(asked) })
	t.Cleanup(func() {
		cancel()
		work.Wait()
	})
	w.Go(address)
	return w
}

// note keeps what must never happen: dialogs that a page's script opened, and errors in scripts.
func (w *Window) note(event any, asked chan<- struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := event.(type) {
	case *page.EventJavascriptDialogOpening:
		w.complaints = append(w.complaints, "dialog: "+e.Message)
		select {
		case asked <- struct{}{}:
		default:
		}
	case *runtime.EventExceptionThrown:
		words := e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			words += " " + e.ExceptionDetails.Exception.Description
		}
		w.complaints = append(w.complaints, "script: "+words)
	}
}

// decline answers the dialogs of scripts, so that the window is not stuck behind one.
func (w *Window) decline(asked <-chan struct{}) {
	for {
		select {
		case <-asked:
			_, _ = chromedp.Call(w.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{}) // it is reported already
		case <-w.ctx.Done():
			return
		}
	}
}

// Complaints are the dialogs and script errors so far. There should be none.
func (w *Window) Complaints() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.complaints)
}

func (w *Window) run(what string, steps ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		w.Screenshot(filepath.Join(os.TempDir(), "pagetest-failure.png"))
		w.t.Fatalf("%s: %v", what, err)
	}
}

// Eval evaluates an expression in the page into result, a pointer.
func (w *Window) Eval(expression string, result any) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	raw, err := chromedp.Run(ctx, chromedp.Evaluate[[]byte](expression))
	if err == nil {
		err = json.Unmarshal(raw, result)
	}
	if err != nil {
		w.t.Fatalf("evaluate %s: %v", expression, err)
	}
}

// Until waits until an expression is true in the page.
func (w *Window) Until(what, expression string) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	err := chromedp.Do(ctx, chromedp.Poll[chromedp.Void]("!!("+expression+")", chromedp.WithPollingInterval(15*time.Millisecond), chromedp.WithPollingTimeout(patience)))
	if err != nil {
		shot := filepath.Join(os.TempDir(), "pagetest-failure.png")
		w.Screenshot(shot)
		w.t.Fatalf("waited in vain until %s: %v (see %s)\n%s", what, err, shot, w.Text("body"))
	}
}

func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always marshals
	}
	return string(b)
}

// lookup is JavaScript that finds the visible element for a button, link, menu entry or shortcut of this name: what it says,
// its label or its title. It looks in the topmost dialog if one is open.
const lookup = `((name, within) => {
  const dialogs = [...document.querySelectorAll("dialog[open]")];
  const root = within ? document.querySelector(within) : dialogs.at(-1) ?? document;
  const words = (e) => { const c = e.cloneNode(true); for (const h of c.querySelectorAll("[aria-hidden=true]")) h.remove(); return c.textContent; };
  const names = (e) => [e.getAttribute("aria-label"), e.title, words(e), e.textContent].map((s) => (s ?? "").trim().replace(/\s+/g, " "));
  const all = [...(root?.querySelectorAll("button, a, summary, [role=option], [role=button]") ?? [])].filter((e) => e.checkVisibility({ checkVisibilityCSS: true }));
  return all.findLast((e) => names(e).includes(name)) ?? all.findLast((e) => names(e).some((s) => s.startsWith(name)));
})`

// Press presses the button, link or menu entry of this name, and waits until the page has gone where that leads; within, if given, is a CSS selector of where to look. Of several
// it takes the last, which is the newest in a channel.
func (w *Window) Press(name string, within ...string) {
	w.t.Helper()
	where := "null"
	if len(within) > 0 {
		where = quote(within[0])
	}
	find := lookup + "(" + quote(name) + ", " + where + ")"
	var box struct{ X, Y float64 }
	// Where it stands is read twice, since what slides into view cannot be hit on its way; and nothing may cover it.
	w.Until(fmt.Sprintf("there is something called %q to press", name), `(() => { const e = `+find+`; if (!e) return false;
		e.scrollIntoView({block: "nearest"}); const r = e.getBoundingClientRect(); const last = window.pagetest;
		window.pagetest = {X: r.x + Math.min(r.width / 2, 60), Y: r.y + r.height / 2};
		const there = document.elementFromPoint(window.pagetest.X, window.pagetest.Y);
		return there && (e.contains(there) || there.contains(e)) && last && last.X === window.pagetest.X && last.Y === window.pagetest.Y; })()`)
	w.Eval("(() => { const at = window.pagetest; window.pagetest = null; return at; })()", &box)
	w.run("press "+name, chromedp.MouseClickXY(box.X, box.Y))
	w.Until("the page has gone where it was sent", `!document.documentElement.dataset.going`)
}

// Say types a text into the channel's composer and sends it by Enter.
func (w *Window) Say(text string) {
	w.t.Helper()
	w.Type("#compose", text)
	w.Keys("Escape", "Enter") // no completion takes the Enter
}

// Type puts a text into the field of this CSS selector, in place of what is there, with the events of typing.
func (w *Window) Type(selector, text string) {
	w.t.Helper()
	w.Until(selector+" is there", `document.querySelector(`+quote(selector)+`)?.checkVisibility()`)
	w.run("type into "+selector, chromedp.Evaluate[chromedp.Void](`(() => { const e = document.querySelector(`+quote(selector)+`); e.focus(); e.select?.(); })()`),
		chromedp.KeyEvent(text))
	w.Until("the text is typed", `document.querySelector(`+quote(selector)+`).value === `+quote(text))
}

// Choose sets the value of the menu or field of this CSS selector as a person would, with its change event.
func (w *Window) Choose(selector, value string) {
	w.t.Helper()
	w.Until(selector+" is there", `document.querySelector(`+quote(selector)+`)`)
	var ok bool
	w.Eval(`(() => { const e = document.querySelector(`+quote(selector)+`);
		const option = [...(e.options ?? [])].find((o) => o.textContent.trim() === `+quote(value)+`);
		e.value = option ? option.value : `+quote(value)+`;
		e.dispatchEvent(new Event("input", {bubbles: true})); e.dispatchEvent(new Event("change", {bubbles: true}));
		return option ? e.value === option.value : e.value === `+quote(value)+`; })()`, &ok)
	if !ok {
		w.t.Fatalf("%s does not offer %q", selector, value)
	}
}

// Sees waits until the text can be read in the window; within, if given, is a CSS selector of where.
func (w *Window) Sees(text string, within ...string) {
	w.t.Helper()
	w.Until(fmt.Sprintf("%q can be read", text), w.reads(text, within))
}

// Misses waits until the text cannot be read in the window.
func (w *Window) Misses(text string, within ...string) {
	w.t.Helper()
	w.Until(fmt.Sprintf("%q cannot be read", text), "!"+w.reads(text, within))
}

func (w *Window) reads(text string, within []string) string {
	selector := "body"
	if len(within) > 0 {
		selector = within[0]
	}
	return `[...document.querySelectorAll(` + quote(selector) + `)].some((e) => e.checkVisibility() && e.innerText.replace(/\s+/g, " ").includes(` + quote(text) + `))`
}

// Text is what can be read in the elements of this CSS selector.
func (w *Window) Text(selector string) string {
	w.t.Helper()
	var text string
	w.Eval(`[...document.querySelectorAll(`+quote(selector)+`)].map((e) => e.innerText).join("\n")`, &text)
	return text
}

// Go opens another address in this window.
func (w *Window) Go(address string) {
	w.t.Helper()
	w.run("go to "+address, chromedp.Navigate(address))
	w.Until("the page is live", `document.documentElement.classList.contains("ready")`)
}

// Size makes the window this wide and high, as a phone if it is narrow.
func (w *Window) Size(width, height int64) {
	w.t.Helper()
	w.run("resize", do(emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height,
		DeviceScaleFactor: 1, Mobile: width < 600}))
}

// do is a protocol command as a step.
func do[P, R any](command cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, command, params)
		return err
	})
}

// Screenshot writes what the window shows to a PNG file.
func (w *Window) Screenshot(file string) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(file, png, 0o600)
	}
	if err != nil {
		w.t.Logf("screenshot %s: %v", file, err)
	}
}

// Click presses the element of this CSS selector, such as a checkbox.
func (w *Window) Click(selector string) {
	w.t.Helper()
	w.Until(selector+" is there", `document.querySelector(`+quote(selector)+`)`)
	w.run("click "+selector, chromedp.Evaluate[chromedp.Void](`document.querySelector(`+quote(selector)+`).click()`))
}

// Append types a text wherever the focus is.
func (w *Window) Append(text string) {
	w.t.Helper()
	w.run("type "+text, chromedp.KeyEvent(text))
}
