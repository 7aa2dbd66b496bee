package slacksim

import (
	"encoding/json"
	"time"

	"muster/bot/slacksim/blockkit"
)

// What the app is called inside Slack. A workspace holds one app.
const (
	appID     = "A0SIMAPP01"
	botID     = "B0SIMBOT01"
	botUserID = "U0SIMBOT01"
	slackbot  = "USLACKBOT"
)

// Options say what a workspace is made of. Only Manifest is required.
type Options struct {
	Manifest []byte // the app's manifest, JSON in Slack's own format

	TeamID, TeamName, TeamDomain string
	BotToken, AppToken           string // what the app authenticates by; xoxb and xapp
	Users                        []User
	UserGroups                   []UserGroup
	Channels                     []ChannelSeed
	Emoji                        []string // names of the workspace's own, beside the common ones that package blockkit knows

	Rates bool    // refuse what is above Slack's rates with 429
	Pace  float64 // how much faster than Slack's the rates are; 0 means 1
	Seed  uint64  // of everything that is left to chance: which socket gets an envelope, faults by probability

	// AckOnSameSocket counts an ack only if it comes on the socket that carried its envelope. What Slack does is not known.
	AckOnSameSocket bool
	// ArchivingExpelsApp takes the app out of a channel that is archived, so that only a person can bring it back. Slack does not
	// write that it does so; many who tried tell it (slack-go/slack#1066).
	ArchivingExpelsApp bool
	// SocketLife is how long a socket lives until Slack asks for a new one; 0 means for as long as nothing else ends it.
	SocketLife time.Duration
	// JournalLimit is how many entries the journal keeps; 0 means 20,000.
	JournalLimit int

	// ValidateBlocks and ValidateView return what Slack would complain about, one sentence each; nothing means fine. They run
	// with the workspace locked. nil means package blockkit.
	ValidateBlocks func(surface string, blocks json.RawMessage) []string
	ValidateView   func(view json.RawMessage) []string
}

// ChannelSeed is a channel that exists from the start. Members are handles; App says that the app's bot is in it; Everyone
// stands for all who are neither guests nor strangers nor gone.
type ChannelSeed struct {
	Name     string
	Private  bool
	Topic    string
	Members  []string
	Everyone bool
	App      bool
}

// DefaultChannels are the channels of DefaultUsers.
func DefaultChannels() []ChannelSeed {
	return []ChannelSeed{
		{Name: "general", Everyone: true, Topic: "Company-wide announcements"},
		{Name: "incidents", Everyone: true, App: true, Topic: "What is broken right now"},
		{Name: "support", Everyone: true, Members: []string{"gina", "sam", "stella"}, Topic: "Customers' questions"},
		{Name: "engineering", Members: []string{"alice", "bob", "carol", "dave", "jiho", "heidi"}},
		{Name: "leads", Private: true, Members: []string{"carol", "minjun"}},
	}
}

func (o *Options) fill() {
	def := func(field *string, value string) {
		if *field == "" {
			*field = value
		}
	}
	def(&o.TeamID, "T0SIMTEAM1")
	def(&o.TeamName, "Harbour")
	def(&o.TeamDomain, "harbour")
	def(&o.BotToken, "xoxb-slacksim-bot")
	def(&o.AppToken, "xapp-slacksim-app")
	if o.Users == nil {
		o.Users = DefaultUsers()
		if o.UserGroups == nil {
			o.UserGroups = DefaultUserGroups()
		}
		if o.Channels == nil {
			o.Channels = DefaultChannels()
		}
	}
	if o.Channels == nil {
		o.Channels = []ChannelSeed{{Name: "general", Everyone: true}}
	}
	if o.Pace <= 0 {
		o.Pace = 1
	}
	if o.JournalLimit <= 0 {
		o.JournalLimit = 20_000
	}
	if o.ValidateBlocks == nil {
		o.ValidateBlocks = func(_ string, blocks json.RawMessage) []string { return blockkit.ValidateMessage(blocks) }
	}
	if o.ValidateView == nil {
		o.ValidateView = blockkit.ValidateView
	}
}

// seed is the state of a fresh workspace.
func (ws *Workspace) seed() {
	ws.st = &state{Version: stateVersion, Born: time.Now().Unix(), Homes: map[string]*View{}, Responses: map[string]*responseURL{}}
	name := ws.manifest.Features.BotUser.DisplayName
	if name == "" {
		name = ws.manifest.DisplayInformation.Name
	}
	for _, u := range ws.opts.Users {
		if u.ID == "" {
			u.ID = ws.newID("U")
		}
		if u.Email == "" && !u.Stranger && !u.Deleted {
			u.Email = u.Handle + "@" + ws.opts.TeamDomain + ".example"
		}
		ws.st.Users = append(ws.st.Users, &u)
	}
	ws.st.Users = append(ws.st.Users,
		&User{ID: botUserID, Handle: handleOf(name), RealName: name, Bot: true},
		&User{ID: slackbot, Handle: "slackbot", RealName: "Slackbot", Bot: false})
	for _, g := range ws.opts.UserGroups {
		var ids []string
		for _, h := range g.Users {
			if u := ws.userByName(h); u != nil {
				ids = append(ids, u.ID)
			}
		}
		if g.ID == "" {
			g.ID = ws.newID("S")
		}
		g.Users = ids
		ws.st.Groups = append(ws.st.Groups, &g)
	}
	for i, s := range ws.opts.Channels {
		ws.seedChannel(s, i == 0)
	}
}

func (ws *Workspace) seedChannel(s ChannelSeed, general bool) {
	c := &channel{Channel: Channel{ID: ws.newID("C"), Name: s.Name, Private: s.Private, General: general, Created: time.Now().Unix()}}
	if s.App {
		c.Members = append(c.Members, botUserID)
	}
	for _, u := range ws.st.Users {
		everyone := s.Everyone && !u.narrow() && !u.Deleted && !u.Bot && u.ID != slackbot
		named := false
		for _, h := range s.Members {
			named = named || h == u.Handle
		}
		if everyone || named {
			c.Members = append(c.Members, u.ID)
		}
	}
	c.Topic = Topic{Value: s.Topic}
	ws.st.Channels = append(ws.st.Channels, c)
}
