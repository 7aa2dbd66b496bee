package pagetest

import (
	"context"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// key is one key of the keyboard that has a name.
type key struct {
	code, text string
	number     int64
}

func keyOf(name string) (key, bool) {
	k, ok := map[string]key{
		"Enter": {"Enter", "\r", 13}, "Escape": {"Escape", "", 27}, "Tab": {"Tab", "", 9}, "Space": {"Space", " ", 32},
		"ArrowDown": {"ArrowDown", "", 40}, "ArrowUp": {"ArrowUp", "", 38}, "Backspace": {"Backspace", "", 8}, "End": {"End", "", 35},
	}[name]
	return k, ok
}

// Keys presses named keys one after another, wherever the focus is: Enter, Escape, Tab, Shift+Tab, Space, ArrowDown ... A key
// whose default the page prevents types nothing, as with a real keyboard.
func (w *Window) Keys(names ...string) {
	w.t.Helper()
	for _, name := range names {
		plain, shift := strings.CutPrefix(name, "Shift+")
		k, ok := keyOf(plain)
		if !ok {
			w.t.Fatalf("no key is called %q here", name)
		}
		w.run("press "+name, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
			press := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: plain, Code: k.code, Text: k.text, WindowsVirtualKeyCode: k.number}
			if plain == "Space" {
				press.Key = " "
			}
			if k.text == "" {
				press.Type = input.DispatchKeyEventTypeRawKeyDown
			}
			if shift {
				press.Modifiers = 8 // the bit that stands for Shift
			}
			if _, err := cdp.Call(ctx, t, input.DispatchKeyEvent, press); err != nil {
				return err
			}
			press.Type, press.Text = input.DispatchKeyEventTypeKeyUp, ""
			_, err := cdp.Call(ctx, t, input.DispatchKeyEvent, press)
			return err
		}))
	}
}
