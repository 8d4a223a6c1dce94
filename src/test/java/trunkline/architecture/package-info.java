/// Rules the build cannot check by itself: the order of the packages, who may name a table, the
/// words we do not use, and that generated files match the migrations.
///
/// Each rule is a test that names the offender and the rule. Sizes of files and methods are advice
/// for reviews and not tested.
@NullMarked
package trunkline.architecture;

import org.jspecify.annotations.NullMarked;
