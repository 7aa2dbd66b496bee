package slack_test

import (
	"strings"
	"testing"
	"time"
	"unicode"

	"muster/bot/slacksim"
	"muster/incident"
)

// A whole incident in a Korean workspace: typed in Korean, read in Korean, in Seoul's time.
func TestInKorean(t *testing.T) {
	inHouse(t, setup{language: "ko", policy: func(p *incident.Policy) {
		p.Location = time.FixedZone("KST", 9*3600)
	}}, func(h *house) {
		pass(time.Hour)
		minjun, seoyeon, jiho := h.person("minjun"), h.person("seoyeon"), h.person("jiho")
		h.reads("선언", minjun.types("general", "/incident 선언 심각도 1 결제가 안 됩니다"), "선언했습니다", "INC-1", "결제가 안 됩니다")
		h.settle()
		in := h.get("INC-1")
		if in.Severity != "sev1" || in.Title != "결제가 안 됩니다" || !strings.HasSuffix(in.Channel.Name, "-결제가-안-됩니다") {
			t.Fatalf("%s %q in %s", in.Severity, in.Title, in.Channel.Name)
		}
		card := minjun.sees(slacksim.Inside(in.Channel.Name), slacksim.WithButton("내가 맡기: 기술 리더"))
		h.reads("카드", card.Text(), "심각도 1", "선언됨", "다음 업데이트", "KST", "인시던트 관리자")
		minjun.clicks(card, "내가 맡기: 인시던트 관리자")
		h.settle()
		minjun.sees(slacksim.Direct(), slacksim.Says("인시던트 관리자", "책임집니다"))
		for line, want := range map[string]string{
			"지정 기술리더 @jiho": "@jiho", "배정 커뮤니케이션 @seoyeon": "@seoyeon", "메모 --at 20분 전 배포가 있었습니다": "메모를 남겼습니다", "요약 카드 결제가 거절됩니다": "저장했습니다",
			"심각도 2 일부 고객만 영향": "심각도 2", "역할": "기술 리더", "타임라인": "결제가 안 됩니다", "도움말": "인시던트", "목록": "INC-1* 결제가", "알림": "업데이트",
			"제목 결제가 느립니다": "결제가 느립니다",
		} {
			h.reads(line, minjun.types(in.Channel.Name, "/incident "+line), want)
			h.settle()
		}
		h.reads("상태", minjun.types(in.Channel.Name, "/incident 상태 조치 시작"), "조치 중")
		h.reads("상태", minjun.types(in.Channel.Name, "/incident 상태 모니터링 중 지켜봅니다"), "모니터링")
		jiho.sees(slacksim.Direct(), slacksim.Says("기술 리더"))
		minjun.types(in.Channel.Name, "/incident 공유 절반이 돌아왔습니다")
		h.settle()
		seoyeon.sees(slacksim.Inside(announcements), slacksim.Says("절반이 돌아왔습니다", "모니터링 중"))
		pass(61 * time.Minute)
		h.settle()
		asked := seoyeon.sees(slacksim.Direct(), slacksim.Says("업데이트할 시간입니다"), slacksim.WithButton("업데이트 올리기"))
		seoyeon.clicks(asked, "업데이트 올리기")
		form := seoyeon.modal()
		seoyeon.fills(form, "상황과 영향", "이제 모두 됩니다")
		if wrong := seoyeon.submits(form); len(wrong) != 0 {
			t.Fatal(wrong)
		}
		h.reads("거절", minjun.types(in.Channel.Name, "/incident 종료"), "할 수 없습니다", "status resolve")
		h.reads("모르는 말", minjun.types(in.Channel.Name, "/incident 춤추기"), "알지 못합니다")
		h.reads("해결", minjun.types(in.Channel.Name, "/incident 해결 이전 판으로 되돌렸습니다"), "해결됨", "수고하셨습니다")
		h.settle()
		minjun.sees(slacksim.Inside(in.Channel.Name), slacksim.FromApp(), slacksim.Says("해결되었습니다", "이전 판으로 되돌렸습니다", "수고 많으셨습니다"))
		h.hasButtons(in)
		for _, message := range minjun.SeesAll(slacksim.FromApp()) {
			if !strings.ContainsFunc(message.Text(), func(r rune) bool { return unicode.Is(unicode.Hangul, r) }) {
				t.Errorf("a message without a Korean word: %s", message.Text())
			}
		}
	})
}

// A card of a Korean workspace that an English speaker uses by English command works all the same.
func TestEnglishCommandsInKorean(t *testing.T) {
	inHouse(t, setup{language: "ko"}, func(h *house) {
		in := h.declared("sev2 결제가 안 됩니다")
		alice := h.person("alice")
		for _, line := range []string{"claim tech_lead", "status fix", "update We look into it", "resolve It is over", "reopen It is back"} {
			if got := alice.types(in.Channel.Name, "/incident "+line); !strings.Contains(got, "INC-1") {
				t.Errorf("%s: %q", line, got)
			}
		}
		if got := h.get(in.ID).Status; got != incident.Fixing {
			t.Errorf("status %s", got)
		}
	})
}
