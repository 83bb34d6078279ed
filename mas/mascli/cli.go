package mascli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
)

// CLI is mas-cli with a configuration. Its methods run one command each.
type CLI struct {
	// Runner runs mas-cli. Required.
	Runner Runner
	// Config is MAS's configuration. Files that it names are taken as mas-cli sees
	// them: read them in ([mas.Config.Inline]) unless it runs where they are. Required by
	// all but [CLI.Version].
	Config *mas.Config
	// MASVersion is that of mas-cli, for which the configuration is written. Default: the
	// newest one that this version of maskit was tested with.
	MASVersion maskit.Version
	// Output is called with every line that mas-cli prints, without secrets, from one
	// goroutine at a time. May be nil.
	Output func(line string)
}

// configFile is the configuration in the working directory.
const configFile = "config.yaml"

// Version asks mas-cli for its version. It is zero, without an error, for a build that
// does not know it.
func (c CLI) Version(ctx context.Context) (maskit.Version, error) {
	out, _, err := c.run(ctx, "--version", Command{Args: []string{"--version"}})
	if err != nil {
		return maskit.Version{}, err
	}
	printed := out.stdout
	if len(printed) == 0 { // the runner cannot tell it from stderr
		printed = out.tail
	}
	text := strings.TrimSpace(strings.TrimPrefix(strings.Join(printed, " "), "mas-cli"))
	version, err := maskit.ParseVersion(text)
	if err != nil {
		return maskit.Version{}, nil //nolint:nilerr // builds from a checkout print other things
	}
	return version, nil
}

// configured adds the configuration to a command.
func (c CLI) configured(command Command) (Command, error) {
	if c.Config == nil {
		return Command{}, errors.New("mascli: CLI.Config is required")
	}
	rendered, problems := mas.Render(c.Config, mas.RenderOptions{Layout: mas.LayoutSingle, MASVersion: c.MASVersion})
	if err := problems.Err(); err != nil {
		return Command{}, fmt.Errorf("mascli: write the configuration for mas-cli: %w", err)
	}
	files := map[string]maskit.Secret{}
	for name, content := range command.Files {
		files[name] = content
	}
	files[configFile] = maskit.NewSecret(string(rendered.Files[0].Data()))
	command.Files = files
	command.Args = append([]string{"--config", configFile}, command.Args...)
	return command, nil
}

// simple runs a command with the configuration that has nothing but a success.
func (c CLI) simple(ctx context.Context, args ...string) ([]LogLine, error) {
	command, err := c.configured(Command{Args: args})
	if err != nil {
		return nil, err
	}
	var log []LogLine
	command.Stderr = func(line string) {
		switch parsed, ok := ParseLog(line); {
		case ok && len(log) < maxLog:
			log = append(log, parsed)
		case !ok && len(log) > 0 && len(log) < maxLog && !strings.HasPrefix(line, "Error: "):
			log[len(log)-1].Message += "\n" + line // a message of several lines
		}
	}
	_, _, err = c.run(ctx, strings.Join(args, " "), command)
	for i := range log {
		log[i].Message = strings.TrimSpace(log[i].Message)
	}
	return log, err
}

// maxLog bounds the lines that are kept of a log.
const maxLog = 10_000

// run runs a command, whose name is for errors. An exit code other than 0 is an
// [*ExitError]; then the output and the code are valid nevertheless.
func (c CLI) run(ctx context.Context, name string, command Command) (*output, int, error) {
	if c.Runner == nil {
		return nil, 0, errors.New("mascli: CLI.Runner is required")
	}
	out, stderr := &output{}, command.Stderr
	command.Stdout = func(line string) {
		if len(out.stdout) < tailLines {
			out.stdout = append(out.stdout, line)
		}
		c.tell(line)
	}
	command.Stderr = func(line string) {
		out.err(line)
		if stderr != nil {
			stderr(line)
		}
		c.tell(line)
	}
	// Whatever the runner does, what stays of the output holds no secret.
	result, err := c.Runner.Run(ctx, command.Redacted())
	if err != nil {
		return nil, 0, fmt.Errorf("mascli: mas-cli %s: %w", name, err)
	}
	if result.Code != 0 {
		err = &ExitError{Command: name, Code: result.Code, Causes: out.causes, Tail: out.tail}
	}
	return out, result.Code, err
}

func (c CLI) tell(line string) {
	if c.Output != nil {
		c.Output(line)
	}
}
