package migratetest_test

import (
	"archive/tar"
	"bytes"
	"crypto/sha512"
	"errors"
	"io"
	"os"
	"os/exec"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/migrate/migratetest"
	"github.com/maskit-dev/maskit/migrate/native"
)

// envMASRepo names a clone of MAS's repository, with its tags.
const envMASRepo = "MASKIT_MAS_REPO"

// TestHeads migrates to the schema of every release of MAS from 0.20 on, made by the
// migration files of its tag. Releases with the same files are one case.
func TestHeads(t *testing.T) {
	t.Parallel()
	repo := os.Getenv(envMASRepo)
	if repo == "" {
		t.Skipf("skipped: %s names no clone of MAS's repository (make test-heads MAS_REPO=…)", envMASRepo)
	}
	releases := masReleases(t, repo)
	require.NotEmpty(t, releases, "the clone has no tags")
	for _, release := range releases {
		for _, mode := range []native.Mode{native.Bulk, native.Single} {
			t.Run(release.name()+"/"+string(mode), func(t *testing.T) {
				t.Parallel()
				migrateToRelease(t, release, mode)
			})
		}
	}
}

func migrateToRelease(t *testing.T, release masRelease, mode native.Mode) {
	t.Helper()
	h := newHomeserverOn(t, live.SynapseDatabase(t, live.SynapseCurrent), live.Postgres(t))
	release.apply(t, h.mas)
	counts, err := migratetest.Generate(t.Context(), h.synapse, migratetest.Spec{Users: 1500, Seed: 20})
	require.NoError(t, err)
	require.NoError(t, migratetest.InsertProviders(t.Context(), h.mas, h.site.Providers...))
	before := schemaOf(t, h.mas)

	m := h.migration(t, native.Engine{Mode: mode})
	h.alone(t, func() {
		run, err := m.Run(t.Context())
		require.NoError(t, err, run.Findings)
		verified, err := m.Verify(t.Context())
		require.NoError(t, err)
		require.NoError(t, verified.Err(), verified.String())
	})
	require.Equal(t, counts.MAS, h.masRows(t))
	require.Equal(t, before, schemaOf(t, h.mas))
}

// migration is the real thing on both databases.
func (h *homeserver) migration(t *testing.T, engine migrate.Engine) *migrate.Syn2MAS {
	t.Helper()
	return &migrate.Syn2MAS{
		Source: migrate.Source{Files: h.site.Files}, Target: migrate.Target{Config: h.site.Config},
		Engine: engine, Store: migrate.FileStore{Path: t.TempDir() + "/state.json"},
	}
}

// masRelease is a set of migration files, and the tags that have it.
type masRelease struct {
	repo, tree string
	tags       []maskit.Version
}

func (r masRelease) name() string {
	first, last := r.tags[0].String(), r.tags[len(r.tags)-1].String()
	if first == last {
		return first
	}
	return first + " to " + last
}

// masReleases finds the releases from 0.20 on, oldest first.
func masReleases(t *testing.T, repo string) []masRelease {
	t.Helper()
	var versions []maskit.Version
	for tag := range strings.FieldsSeq(string(git(t, repo, "tag", "--list", "v*"))) {
		version, err := maskit.ParseVersion(strings.TrimPrefix(tag, "v"))
		if err == nil && version.Pre == "" && version.AtLeast(maskit.MinMAS()) {
			versions = append(versions, version)
		}
	}
	slices.SortFunc(versions, maskit.Version.Compare)
	var releases []masRelease
	for _, version := range versions {
		tree := strings.TrimSpace(string(git(t, repo, "rev-parse", "v"+version.String()+":crates/storage-pg/migrations")))
		if n := len(releases); n > 0 && releases[n-1].tree == tree {
			releases[n-1].tags = append(releases[n-1].tags, version)
			continue
		}
		releases = append(releases, masRelease{repo: repo, tree: tree, tags: []maskit.Version{version}})
	}
	return releases
}

// apply runs the files in order and notes them as MAS does.
func (r masRelease) apply(t *testing.T, conn *pgx.Conn) {
	t.Helper()
	// One of the files expects the list to be there.
	_, err := conn.Exec(t.Context(), `CREATE TABLE _sqlx_migrations (version bigint PRIMARY KEY, description text NOT NULL,
		installed_on timestamptz NOT NULL DEFAULT now(), success boolean NOT NULL, checksum bytea NOT NULL, execution_time bigint NOT NULL)`)
	require.NoError(t, err)
	files := r.files(t)
	require.NotEmpty(t, files)
	for _, file := range files {
		for _, statement := range file.statements() {
			_, err := conn.Exec(t.Context(), statement)
			require.NoError(t, err, file.name)
		}
		version, description, _ := strings.Cut(strings.TrimSuffix(file.name, ".sql"), "_")
		number, err := strconv.ParseInt(version, 10, 64)
		require.NoError(t, err)
		sum := sha512.Sum384(file.data)
		_, err = conn.Exec(t.Context(), "INSERT INTO _sqlx_migrations VALUES ($1, $2, now(), true, $3, 0)", number, description, sum[:])
		require.NoError(t, err, file.name)
	}
}

type migrationFile struct {
	name string
	data []byte
}

func (r masRelease) files(t *testing.T) []migrationFile {
	t.Helper()
	var files []migrationFile
	archive := tar.NewReader(bytes.NewReader(git(t, r.repo, "archive", "--format=tar", r.tree)))
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		if path.Ext(header.Name) != ".sql" {
			continue
		}
		data, err := io.ReadAll(archive)
		require.NoError(t, err)
		files = append(files, migrationFile{name: path.Base(header.Name), data: data})
	}
	slices.SortFunc(files, func(a, b migrationFile) int { return strings.Compare(a.name, b.name) })
	return files
}

// statements is the whole file, which PostgreSQL runs in one transaction; but files
// that forbid a transaction are split.
func (f migrationFile) statements() []string {
	if !bytes.HasPrefix(f.data, []byte("-- no-transaction")) {
		return []string{string(f.data)}
	}
	var lines []string
	for line := range strings.Lines(string(f.data)) {
		if !strings.HasPrefix(strings.TrimSpace(line), "--") {
			lines = append(lines, line)
		}
	}
	return strings.Split(strings.Join(lines, ""), ";\n")
}

func git(t *testing.T, repo string, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "git", append([]string{"-C", repo}, args...)...)
	output, err := cmd.Output()
	require.NoError(t, err, args)
	return output
}

// schemaOf is all that a dump of the schema would say of tables, columns, constraints,
// indexes, triggers and comments.
func schemaOf(t *testing.T, conn *pgx.Conn) []string {
	t.Helper()
	rows, err := conn.Query(t.Context(), `
		SELECT concat_ws('|', 'column', attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid), col_description(attrelid, attnum))
			FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum JOIN pg_class c ON c.oid = attrelid
			WHERE c.relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped
		UNION ALL SELECT concat_ws('|', 'constraint', conrelid::regclass, conname, convalidated, pg_get_constraintdef(oid), obj_description(oid)) FROM pg_constraint
			WHERE connamespace = 'public'::regnamespace
		UNION ALL SELECT concat_ws('|', 'index', pg_get_indexdef(indexrelid), indisvalid, indisreplident, obj_description(indexrelid)) FROM pg_index JOIN pg_class c ON c.oid = indexrelid
			WHERE c.relnamespace = 'public'::regnamespace
		UNION ALL SELECT concat_ws('|', 'table', oid::regclass, relkind, relowner::regrole, relacl, reloptions, relreplident, obj_description(oid)) FROM pg_class
			WHERE relnamespace = 'public'::regnamespace
		UNION ALL SELECT concat_ws('|', 'trigger', pg_get_triggerdef(oid), tgenabled) FROM pg_trigger WHERE NOT tgisinternal
		UNION ALL SELECT concat_ws('|', 'schema', nspname) FROM pg_namespace WHERE nspname !~ '^pg_(toast_)?temp_'
		ORDER BY 1`)
	require.NoError(t, err)
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	return lines
}
