package trunkline.feature;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The whole of a string matches this regular expression, which is in the schema. So it is one that
/// clients understand too (ECMA-262): no inline flags, possessive quantifiers or classes of Java's
/// own; one of those is an error when the tool is built, as is a component that is no string.
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE_USE})
public @interface Pattern {
  String value();
}
