package migrate

import (
	"time"
)

// cutoverMigration is the real [cutoverData].
type cutoverMigration struct{ m *Syn2MAS }

func (c cutoverMigration) store() Store   { return c.m.Store }
func (c cutoverMigration) now() time.Time { return c.m.now() }
func (c cutoverMigration) event(e Event)  { c.m.events()(e) }
