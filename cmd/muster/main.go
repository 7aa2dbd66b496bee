// Command muster runs major incidents inside Slack. It reads flags and configuration and wires the rooms together; what an
// incident is and what Slack is told, others decide.
package main

func main() {}
