// Package desk is the only way to change or show anything. Whatever asks (a click in Slack, the clock, the worker with what came
// of an effect) comes here with who asks, and the key under which that works a single time; the desk has the store decide and
// keep it in one transaction, and answers the outcome. What is shown to a person is read here, so that nobody is shown what they
// may not see.
//
// The desk decides nothing itself: package incident does, by the team's policy. It knows no medium and no words, and not how its
// store keeps anything.
package desk
