package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/maskit-dev/maskit"
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
	switch {
	case code == exitPlanned && (j.yes || !j.json && j.ask("Apply this plan?")):
		return j.carryOut(ctx, plan)
	case code == exitDone:
		return j.leave(ctx, plan)
	case j.json:
		err = j.printJSON(applied{Plan: plan})
	case code == exitPlanned:
		err = j.print("Nothing was applied.")
	}
	return code, err
}

// leave says nothing more of an empty plan, but fetches the secret if a run that was
// killed had no time to.
func (j job) leave(ctx context.Context, plan *keycloak.Plan) (int, error) {
	done := applied{Plan: plan}
	failure := j.keepSecret(ctx, maskit.Secret{}, &done)
	if j.json {
		return exitOf(errors.Join(failure, j.printJSON(done)))
	}
	if done.SecretFile != "" {
		failure = errors.Join(failure, j.print(secretLine(done.SecretFile)))
	}
	return exitOf(failure)
}

func exitOf(err error) (int, error) {
	if err != nil {
		return exitError, err
	}
	return exitDone, nil
}

// carryOut applies the plan. The secret is kept before anything else is said.
func (j job) carryOut(ctx context.Context, plan *keycloak.Plan) (int, error) {
	result, failure := j.provisioner.Apply(ctx, plan)
	done := applied{Plan: plan, Result: result}
	if failure == nil || !result.ClientSecret.IsZero() {
		failure = errors.Join(failure, j.keepSecret(ctx, result.ClientSecret, &done))
	}
	show := func() error { return j.printResult(done) }
	if j.json {
		show = func() error { return j.printJSON(done) }
	}
	code, err := exitOf(errors.Join(failure, show()))
	if code == exitDone && len(result.Skipped) > 0 {
		code = exitPlanned
	}
	return code, err
}

// keepSecret puts the secret that Keycloak made for the client into its file, unless
// there is one. A secret that is not given is asked for.
func (j job) keepSecret(ctx context.Context, secret maskit.Secret, done *applied) error {
	if j.secretFile == "" || !j.Client.Secret.IsZero() {
		return nil
	}
	if secret.IsZero() {
		if j.Client.Provider == "" && j.Client.SecretFile == "" {
			return nil // the spec is not about the secret
		}
		spec, err := j.provisioner.Export(ctx, j.Realm.Name, j.Client.ID)
		if err != nil {
			return fmt.Errorf("ask for the secret, to put it into %s: %w", j.secretFile, err)
		}
		if secret = spec.Client.Secret; secret.IsZero() {
			return fmt.Errorf("the secret of the client cannot be seen by this account: put it into %s", j.secretFile)
		}
	}
	if err := keep(j.secretFile, secret); err != nil {
		return err
	}
	done.SecretFile = j.secretFile
	return nil
}

// ask returns whether the person says yes.
func (j job) ask(question string) bool {
	_, _ = fmt.Fprintf(j.terminal.err, "%s [y/N] ", question)
	answer, _ := j.in.ReadString('\n')
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
