package install

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// run executes one step of an installation. Its output goes to log when the
// step fails; successful steps stay quiet.
func run(ctx context.Context, log io.Writer, env []string, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), env...)
	output, err := cmd.CombinedOutput()
	if err != nil {
		_, _ = log.Write(output)
		return fmt.Errorf("run %s %s: %w", name, strings.Join(args, " "), err)
	}
	return nil
}
