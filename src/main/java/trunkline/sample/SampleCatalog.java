package trunkline.sample;

import trunkline.feature.Catalog;
import trunkline.feature.CatalogProvider;

/// This package's features, in the order in which they are fun to try.
public final class SampleCatalog implements CatalogProvider {
  @Override
  public String name() {
    return "sample";
  }

  @Override
  public void addTo(Catalog.Builder catalog) {
    catalog
        .instructions("A playground: try calculate, order_pizza, bake, add_note and run_clock.")
        .add(Calculator.TOOL, Pizzeria.TOOL, Summary.TOOL, Oven.TOOL)
        .add(Notebook.ADD, Notebook.LIST)
        .add(Messenger.WHO_AM_I, Messenger.WHISPER, Messenger.SHOUT)
        .add(Clock.TOOL, Clock.RESOURCE)
        .add(Surprise.TOOL, Surprise.HIDE)
        .add(Folders.TOOL)
        .add(Cities.TOOL, Cities.TEMPLATE, Cities.PROMPT)
        .add(Menu.TOOL, Menu.PAGE)
        .toolset(
            "kitchen",
            kitchen ->
                kitchen
                    .add(Pizzeria.TOOL, Oven.TOOL)
                    .instructions("Only the kitchen: order_pizza and bake."));
  }
}
