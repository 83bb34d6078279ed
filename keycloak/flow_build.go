package keycloak

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

// build makes a flow that nothing uses yet, and checks it.
func (f flow) build(ctx context.Context, r *run, tree []execution) (flowRef, error) {
	made := flowRef{alias: f.newName()}
	answer, err := r.post(ctx, http.MethodPost, r.path("authentication", "flows"), f.representation(made.alias))
	if err != nil {
		return flowRef{}, err
	}
	if made.id, err = r.madeFlow(ctx, made.alias, answer.Header.Get("Location")); err != nil {
		return flowRef{}, err
	}
	if err := r.fillFlow(ctx, made, tree); err != nil {
		// What is half built is of no use to anybody.
		dropped := r.send(ctx, http.MethodDelete, r.path("authentication", "flows", made.id), nil)
		return flowRef{}, errors.Join(fmt.Errorf("build flow %q: %w", made.alias, err), dropped)
	}
	return made, nil
}

// madeFlow is the id of a new flow: the end of its address, which a proxy may have taken
// away. Without the id the flow would be made and never used.
func (r *run) madeFlow(ctx context.Context, alias, location string) (string, error) {
	if id := location[strings.LastIndexByte(location, '/')+1:]; id != "" {
		return id, nil
	}
	flow, err := r.one(ctx, r.path("authentication", "flows"), func(raw map[string]any) bool { return text(raw, "alias") == alias })
	if err == nil && text(flow, "id") == "" {
		err = fmt.Errorf("flow %q: %w", alias, maskit.ErrNotFound)
	}
	return text(flow, "id"), err
}

// fillFlow makes the executions, then sets them: a new one is disabled, and has the next
// place.
func (r *run) fillFlow(ctx context.Context, into flowRef, tree []execution) error {
	if err := r.addExecutions(ctx, into, into.alias, tree); err != nil {
		return err
	}
	rows, err := r.flowRows(ctx, into)
	if err != nil {
		return err
	}
	nodes := flat(tree)
	if len(rows) != len(nodes) {
		return fmt.Errorf("it has %d executions instead of %d", len(rows), len(nodes))
	}
	for i, node := range nodes {
		if err := r.setExecution(ctx, into, i, rows[i], node); err != nil {
			return err
		}
	}
	have, err := r.flowOutline(ctx, into, configured(tree))
	if err == nil && !slices.Equal(have, outline(tree)) {
		err = errors.New("the server made another flow of it")
	}
	return err
}

// addExecutions adds nodes to a flow or a sub-flow.
func (r *run) addExecutions(ctx context.Context, top flowRef, parent string, nodes []execution) error {
	for _, node := range nodes {
		kind, body := "execution", map[string]any{"provider": node.provider}
		name := top.alias + " " + node.name
		if node.provider == "" {
			kind, body = "flow", map[string]any{"alias": name, "type": "basic-flow", "provider": "registration-page-form", "description": ""}
		}
		if err := r.send(ctx, http.MethodPost, r.path("authentication", "flows", parent, "executions", kind), body); err != nil {
			return err
		}
		if err := r.addExecutions(ctx, top, name, node.below); err != nil {
			return err
		}
	}
	return nil
}

// setExecution gives the i-th row its requirement and its settings. The row is sent
// whole: without its priority it would move to the front.
func (r *run) setExecution(ctx context.Context, in flowRef, i int, row map[string]any, node execution) error {
	if text(row, "providerId") != node.provider && (node.provider != "" || row["authenticationFlow"] != true) {
		return fmt.Errorf("execution %d is %q instead of %q", i, text(row, "providerId"), node.provider)
	}
	row["requirement"] = node.requirement
	if err := r.send(ctx, http.MethodPut, r.path("authentication", "flows", in.alias, "executions"), row); err != nil {
		return err
	}
	if node.config == nil {
		return nil
	}
	body := map[string]any{"alias": fmt.Sprintf("%s %d", in.alias, i), "config": node.config}
	return r.send(ctx, http.MethodPost, r.path("authentication", "executions", text(row, "id"), "config"), body)
}
