package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/upstream"
)

// check asks the provider.
func check(ctx context.Context, out output, in input, client *http.Client) error {
	entry, warnings, err := in.entry()
	if err != nil {
		return err
	}
	report, err := upstream.Check(ctx, entry, in.checkConfig(client))
	if err != nil {
		return fmt.Errorf("the check was not finished: %w", context.Cause(ctx)) // nothing else is an error
	}
	tellFlags(report.Problems)
	report.Problems = append(warnings, report.Problems...)
	if out.json {
		err = out.encode(report)
	} else if err = out.print(summary(report)); err == nil {
		err = out.findings(report.Problems)
	}
	if err == nil && report.Problems.Err() != nil {
		return errFound
	}
	return err
}

// checkConfig asks about the redirect URI only if the addresses and the id are real ones.
func (in input) checkConfig(client *http.Client) upstream.CheckConfig {
	cfg := upstream.CheckConfig{FS: os.DirFS("/"), Provider: in.providers[0].Provider, HTTPClient: client, SecretHosts: in.hosts}
	if env := in.envOf(in.providers[0]); in.hasSite && env.ID != "" {
		cfg.Env = env
	}
	return cfg
}

// tellFlags names the flags that take what a check lacked, instead of the fields of the SDK.
func tellFlags(problems maskit.Problems) {
	for i, p := range problems {
		if p.Severity == maskit.SeveritySkip && p.Hint == "give CheckConfig.Env" {
			problems[i].Hint = "give -site, and -id or -identity"
		}
		problems[i].Hint = strings.Replace(problems[i].Hint, " to CheckConfig.SecretHosts", " by -secret-host", 1)
	}
}

func summary(report upstream.CheckReport) string {
	issuer := report.Issuer
	if issuer == "" {
		issuer = "no issuer seen"
	}
	text := fmt.Sprintf("%s: %s\n", issuer, counted(report.Requests, "request"))
	for _, v := range []struct {
		name    string
		verdict upstream.Verdict
	}{{"redirect URI", report.Redirect}, {"credentials", report.Credentials}} {
		if v.verdict != "" {
			text += fmt.Sprintf("%-13s %s\n", v.name+":", v.verdict)
		}
	}
	switch wrong := len(report.Problems.Only(maskit.SeverityError)); wrong {
	case 0:
		return text + "Nothing is wrong.\n"
	case 1:
		return text + "1 thing is wrong.\n"
	default:
		return text + counted(wrong, "thing") + " are wrong.\n"
	}
}

func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
