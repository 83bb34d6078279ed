package mas

// templates checks the section templates: MAS reads all of it at start.
func (c *checker) templates() {
	const at place = "templates"
	t := c.config.Templates
	if t == nil {
		return
	}
	if t.Path != "" {
		c.directory(at.key("path"), t.Path)
	}
	if t.AssetsManifest != "" {
		c.stat(at.key("assets_manifest"), t.AssetsManifest)
	}
	if t.TranslationsPath != "" {
		c.directory(at.key("translations_path"), t.TranslationsPath)
	}
}
