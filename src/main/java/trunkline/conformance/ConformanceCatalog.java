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
        .add(
            InputTools.ELICITATION,
            InputTools.SAMPLING,
            InputTools.LIST_ROOTS,
            InputTools.REQUEST_STATE,
            InputTools.MULTIPLE_INPUTS,
            InputTools.MULTI_ROUND,
            InputTools.TAMPERED_STATE,
            InputTools.CAPABILITIES)
        .add(
            StatelessTools.MISSING_CAPABILITY,
            StatelessTools.STREAMING_ELICITATION,
            StatelessTools.LOGGING,
            StatelessTools.TRIGGER_TOOL_CHANGE,
            StatelessTools.TRIGGER_PROMPT_CHANGE,
            StatelessTools.SWITCHED,
            StatelessTools.MIRRORED_ARGUMENT)
        .add(
            TaskTools.GREET,
            TaskTools.SLOW_COMPUTE,
            TaskTools.FAILING_JOB,
            TaskTools.PROTOCOL_ERROR_JOB,
            TaskTools.CONFIRM_DELETE,
            TaskTools.MULTI_INPUT,
            TaskTools.ASKING_FIRST)
        .add(Resources.STATIC_TEXT, Resources.STATIC_BINARY, Resources.WATCHED, Resources.TEMPLATE)
        .add(Prompts.SIMPLE, Prompts.WITH_ARGUMENTS, Prompts.WITH_RESOURCE, Prompts.WITH_IMAGE)
        .add(InputTools.PROMPT, StatelessTools.SWITCHED_BESIDE);
  }
}
