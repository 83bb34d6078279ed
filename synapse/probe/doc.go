// Package probe looks at a running homeserver that delegates to MAS, and says
// what is wrong, on which hop, and how to mend it.
//
//	p, err := probe.New(probe.Config{Site: site, Secret: secret})
//	if err != nil {
//		return err
//	}
//	report, err := p.Run(ctx)
//	if err != nil {
//		return err
//	}
//	return report.Problems.Err()
//
// It asks harmless questions only: nothing that is known to be a token is ever
// sent, nobody is signed in or out, and nothing is changed. What it can see
// depends on where it runs and what it is given: with the public addresses
// alone it judges the edge as clients see it; with Site.SynapseURL, Site.MASURL
// and the shared secret, from inside, it tells the hops behind the edge apart too.
// A check that lacks something is skipped and says what to give.
//
// All questions are asked first, then all answers are judged together. One cause
// gives one finding: when MAS is down, the checks that fail for that reason are
// skipped and name it.
//
// # Errors
//
// [New] refuses addresses that [maskit.Site] would refuse. [Probe.Run] fails only
// when its context ends; all else is a finding, whose Path is the URL that was
// asked. The secret goes to Site.SynapseURL and Site.MASURL, and is never shown.
//
// # What it does not do
//
// It follows no sign-in to its end, and sees neither what a proxy writes into
// X-Forwarded-For nor the configuration of anything. It reads no environment: for a
// proxy on the way, inject an HTTPClient.
package probe
