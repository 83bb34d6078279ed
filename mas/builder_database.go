package mas

// addDatabase asks for a checked TLS connection where the network is used, and
// sizes the pool.
func addDatabase(c *Config, capacity Capacity) {
	if c.Database == nil {
		return
	}
	// MAS's default is libpq's "prefer": whoever sits between MAS and PostgreSQL can
	// switch encryption off.
	if to, err := c.Database.target(); err == nil && to.sslMode == "" && to.overNetwork() { // Validate reports the error
		c.Database.SSLMode = SSLVerifyFull
	}
	if size := capacity.PoolSize; size > 0 && c.Database.MaxConnections.IsZero() {
		c.Database.MaxConnections = Set(capacity.poolSize())
	}
}
