package mas

// Templates is the section templates.
type Templates struct {
	// Path is the directory of the templates. Default: that of the image.
	Path string `yaml:"path" null:"absent"`
	// AssetsManifest is the manifest of the frontend build. Default: that of the image.
	AssetsManifest string `yaml:"assets_manifest" null:"absent"`
	// TranslationsPath is the directory of the translations. Default: that of the image.
	TranslationsPath string `yaml:"translations_path" null:"absent"`
}
