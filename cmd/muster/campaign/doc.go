// Package campaign tries the whole program, as a process of its own, against a local Slack: it is killed at random instants
// and at every named point, over and over, and in the end everything that was acknowledged must be there, once.
//
// There is nothing in it but tests.
package campaign
