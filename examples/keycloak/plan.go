package main

import (
	"bufio"
	"context"
	"fmt"
	"strings"

	"github.com/maskit-dev/maskit/keycloak"
)

func (j job) plan(ctx context.Context) (int, error) {
	plan, err := j.provisioner.Plan(ctx, j.Spec)
	if err != nil {
		return exitError, err
	}
	if j.json {
		err = j.printJSON(plan)
	} else {
		err = j.printPlan(plan)
	}
	return planned(plan), err
}

// planned is the exit code of a plan that is not applied.
func planned(plan *keycloak.Plan) int {
	switch {
	case plan.Problems.Err() != nil:
		return exitError
	case plan.Empty():
		return exitDone
	}
	return exitPlanned
}

// applied is what apply prints as JSON.
type applied struct {
	Plan   *keycloak.Plan   `json:"plan"`
	Result *keycloak.Result `json:"result"`
	// SecretFile is where the secret is that Keycloak made.
	SecretFile string `json:"secret_file,omitempty"`
}

func (j job) apply(ctx context.Context) (int, error) {
	plan, err := j.provisioner.Plan(ctx, j.Spec)
	if err != nil {
		return exitError, err
	}
	plan.Delete = j.remove
	if !j.json {
		if err := j.printPlan(plan); err != nil {
			return exitError, err
		}
	}
	code := planned(plan)
	if code == exitPlanned && (j.yes || !j.json && j.ask("Apply this plan?")) {
		return j.carryOut(ctx, plan)
	}
	if j.json {
		err = j.printJSON(applied{Plan: plan})
	} else if code == exitPlanned {
		err = j.print("Nothing was applied.")
	}
	return code, err
}

// carryOut applies the plan. The secret is kept before anything else is said.
func (j job) carryOut(ctx context.Context, plan *keycloak.Plan) (int, error) {
	result, failure := j.provisioner.Apply(ctx, plan)
	done := applied{Plan: plan, Result: result}
	if j.Client.Secret.IsZero() && !result.ClientSecret.IsZero() {
		if err := keep(j.secretFile, result.ClientSecret); err != nil {
			return exitError, err
		}
		done.SecretFile = j.secretFile
	}
	var err error
	if j.json {
		err = j.printJSON(done)
	} else {
		err = j.printResult(done)
	}
	switch {
	case failure != nil:
		return exitError, failure
	case len(result.Skipped) > 0:
		return exitPlanned, err
	}
	return exitDone, err
}

// ask returns whether the person says yes.
func (j job) ask(question string) bool {
	_, _ = fmt.Fprintf(j.terminal.err, "%s [y/N] ", question)
	answer, _ := bufio.NewReader(j.in).ReadString('\n')
	answer = strings.ToLower(strings.TrimSpace(answer))
	return answer == "y" || answer == "yes"
}

func (j job) verify(ctx context.Context) (int, error) {
	report, err := j.provisioner.Verify(ctx, j.Spec)
	if err != nil {
		return exitError, err
	}
	if j.json {
		err = j.printJSON(report)
	} else {
		err = j.printReport(report)
	}
	if report.Problems.Err() != nil {
		return exitError, err
	}
	return exitDone, err
}
