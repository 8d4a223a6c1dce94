/// Names and types of the tables as the migrations leave them; written by `.ci/generate`, not by hand.
package trunkline.store.generated;
