package trunkline.shape;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/// The constructor or factory of a type.
record Maker(Executable code) {
  Maker {
    open(code);
  }

  /// What it objects to is told as it says it, when that is an `IllegalArgumentException`.
  @Nullable Object make(@Nullable Object[] values, Reading reading) {
    try {
      var made =
          switch (code) {
            case Constructor<?> constructor -> constructor.newInstance(values);
            case Method factory -> factory.invoke(null, values);
          };
      return made == null ? reading.refuse("has a value that does not fit") : made;
    } catch (InvocationTargetException e) {
      return reading.refuse(objection(e.getCause()));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(code + " can't be called", e);
    }
  }

  private static String objection(@Nullable Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof IllegalArgumentException && cause.getMessage() != null
        ? cause.getMessage()
        : "has a value that does not fit";
  }

  private static void open(Executable code) {
    try {
      code.setAccessible(true);
    } catch (InaccessibleObjectException e) {
      throw new IllegalArgumentException(
          code.getDeclaringClass().getName()
              + " can't be used: its module does not open its package to trunkline",
          e);
    }
  }
}
