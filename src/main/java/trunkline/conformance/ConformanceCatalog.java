package trunkline.conformance;

import trunkline.feature.Catalog;
import trunkline.feature.CatalogProvider;

/// All fixtures of the suite, the harmless one first.
public final class ConformanceCatalog implements CatalogProvider {
  @Override
  public String name() {
    return "conformance";
  }

  @Override
  public void addTo(Catalog.Builder catalog) {
    catalog
        .add(
            ContentTools.SIMPLE_TEXT,
            ContentTools.IMAGE,
            ContentTools.AUDIO,
            ContentTools.EMBEDDED_RESOURCE,
            ContentTools.MULTIPLE_TYPES,
            RunningTools.LOGGING,
            RunningTools.PROGRESS,
            RunningTools.ERROR,
            RunningTools.RECONNECTION,
            AskingTools.SAMPLING,
            AskingTools.ELICITATION,
            AskingTools.ELICITATION_DEFAULTS,
            AskingTools.ELICITATION_ENUMS,
            ContentTools.JSON_SCHEMA)
        .add(Resources.STATIC_TEXT, Resources.STATIC_BINARY, Resources.WATCHED, Resources.TEMPLATE)
        .add(Prompts.SIMPLE, Prompts.WITH_ARGUMENTS, Prompts.WITH_RESOURCE, Prompts.WITH_IMAGE);
  }
}
