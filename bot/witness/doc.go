// Package witness says what people should see of an incident, from its timeline alone and by docs/witness.md, which was written from
// the process and not from the code. Test support: both campaigns hold Slack against it.
//
// It may know the types of incident, whose events it reads, and calls none of its functions and methods: what the program decides, folds
// or asks for is what it judges. A test on the checked types says so. It does not look at Slack either; that is the campaigns' part.
package witness
