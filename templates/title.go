package templates

type titleTexts struct {
	Retitled      Text[Change] // tells the channel of the new title
	Summarized    Text[Change] // tells the channel of the new summary
	AckRetitled   Text[Change] `file:"ack"` // answers a new title
	AckSummarized Text[Change] `file:"ack"` // answers a new summary
}
