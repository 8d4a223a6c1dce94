package trunkline.adapter.annotated;

import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.Attribute;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.Signature;
import java.lang.classfile.TypeAnnotation;
import java.lang.classfile.attribute.RecordAttribute;
import java.lang.classfile.attribute.RecordComponentInfo;
import java.lang.classfile.attribute.RuntimeVisibleAnnotationsAttribute;
import java.lang.classfile.attribute.RuntimeVisibleTypeAnnotationsAttribute;
import java.lang.classfile.attribute.SignatureAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.Method;
import java.lang.runtime.ObjectMethods;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.lang.constant.ConstantDesc;
import java.lang.classfile.attribute.MethodParameterInfo;
import java.lang.classfile.attribute.MethodParametersAttribute;
import java.lang.classfile.TypeKind;
import java.lang.classfile.MethodSignature;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import trunkline.feature.Default;
import trunkline.feature.Description;

/// A method's parameters as the components of a record that is made for them, so that schema and
/// binding are those of every record, and nothing of that is written twice.
final class ArgumentsRecord {
  private static final ClassDesc RECORD = ClassDesc.of("java.lang.Record");
  private static final ClassDesc NULLABLE = Nullable.class.describeConstable().orElseThrow();
  private static final ClassDesc DESCRIPTION = Description.class.describeConstable().orElseThrow();
  private static final ClassDesc DEFAULT = Default.class.describeConstable().orElseThrow();
  private static final int RECORD_FLAGS =
      ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL | ClassFile.ACC_SUPER;

  /// Records describe, compare and hash themselves by this.
  private static final DirectMethodHandleDesc OBJECT_METHODS =
      MethodHandleDesc.ofMethod(
          DirectMethodHandleDesc.Kind.STATIC,
          ObjectMethods.class.describeConstable().orElseThrow(),
          "bootstrap",
          MethodTypeDesc.ofDescriptor(
              "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/invoke/TypeDescriptor;"
                  + "Ljava/lang/Class;Ljava/lang/String;[Ljava/lang/invoke/MethodHandle;)Ljava/lang/Object;"));

  private final Class<? extends Record> type;
  private final List<Method> accessors;

  private ArgumentsRecord(Class<? extends Record> type, List<Method> accessors) {
    this.type = type;
    this.accessors = accessors;
  }

  /// @param around whose parameters they are; its class loader sees their types
  static ArgumentsRecord of(Class<?> around, List<Argument> arguments) {
    var made = new Made(around).define(arguments);
    var accessors = new ArrayList<Method>();
    for (var component : made.getRecordComponents()) {
      accessors.add(component.getAccessor());
    }
    return new ArgumentsRecord(made, accessors);
  }

  Class<? extends Record> type() {
    return type;
  }

  /// The values in the order of the parameters.
  List<@Nullable Object> values(Object arguments) throws ReflectiveOperationException {
    var values = new ArrayList<@Nullable Object>();
    for (var accessor : accessors) {
      values.add(accessor.invoke(arguments));
    }
    return values;
  }

  /// The loader of one such record.
  private static final class Made extends ClassLoader {
    private static final String NAME = "trunkline.arguments.Arguments";

    Made(Class<?> around) {
      super(around.getClassLoader());
    }

    /// Where the bean's loader knows nothing of Trunkline, its annotations come from ours.
    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      return Class.forName(name, false, ArgumentsRecord.class.getClassLoader());
    }

    Class<? extends Record> define(List<Argument> arguments) {
      var bytes = ClassFile.of().build(ClassDesc.of(NAME), made -> write(made, arguments));
      return defineClass(NAME, bytes, 0, bytes.length).asSubclass(Record.class);
    }
  }

  private static void write(ClassBuilder made, List<Argument> arguments) {
    var self = ClassDesc.of(Made.NAME);
    made.withFlags(RECORD_FLAGS).withSuperclass(RECORD);
    made.with(
        RecordAttribute.of(
            arguments.stream()
                .map(each ->
                    RecordComponentInfo.of(each.name(), raw(each), attributes(each, true)))
                .toList()));
    for (var each : arguments) {
      made.withField(
          each.name(),
          raw(each),
          field -> {
            field.withFlags(ClassFile.ACC_PRIVATE | ClassFile.ACC_FINAL);
            attributes(each, false).forEach(attribute -> field.with(signature(attribute)));
          });
      made.withMethod(
          each.name(),
          MethodTypeDesc.of(raw(each)),
          ClassFile.ACC_PUBLIC,
          method ->
              method
                  .with(SignatureAttribute.of(
                      MethodSignature.of(TypeSignature.of(each.type()))))
                  .withCode(code ->
                      code.aload(0)
                          .getfield(self, each.name(), raw(each))
                          .return_(TypeKind.from(raw(each)))));
    }
    constructor(made, self, arguments);
    objectMethod(made, self, arguments, "toString", ConstantDescs.CD_String);
    objectMethod(made, self, arguments, "hashCode", ConstantDescs.CD_int);
    objectMethod(
        made, self, arguments, "equals", ConstantDescs.CD_boolean, ConstantDescs.CD_Object);
  }

  private static SignatureAttribute signature(Attribute<?> attribute) {
    return (SignatureAttribute) attribute;
  }

  private static void constructor(ClassBuilder made, ClassDesc self, List<Argument> arguments) {
    made.withMethod(
        ConstantDescs.INIT_NAME,
        MethodTypeDesc.of(
            ConstantDescs.CD_void, arguments.stream().map(ArgumentsRecord::raw).toList()),
        ClassFile.ACC_PUBLIC,
        method ->
            method
                .with(
                    MethodParametersAttribute.of(
                        arguments.stream()
                            .map(each ->
                                MethodParameterInfo.ofParameter(
                                    Optional.of(each.name()), 0))
                            .toList()))
                .with(
                    SignatureAttribute.of(
                        MethodSignature.of(
                            Signature.parseFrom("V"),
                            arguments.stream()
                                .map(each -> TypeSignature.of(each.type()))
                                .toArray(Signature[]::new))))
                .withCode(code -> {
                  code.aload(0)
                      .invokespecial(RECORD, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void);
                  var slot = 1;
                  for (var each : arguments) {
                    var kind = TypeKind.from(raw(each));
                    code.aload(0).loadLocal(kind, slot).putfield(self, each.name(), raw(each));
                    slot += kind.slotSize();
                  }
                  code.return_();
                }));
  }

  private static void objectMethod(
      ClassBuilder made,
      ClassDesc self,
      List<Argument> arguments,
      String name,
      ClassDesc returned,
      ClassDesc... taken) {
    var constants = new ArrayList<ConstantDesc>();
    constants.add(self);
    constants.add(arguments.stream().map(Argument::name).collect(Collectors.joining(";")));
    for (var each : arguments) {
      constants.add(
          MethodHandleDesc.ofField(
              DirectMethodHandleDesc.Kind.GETTER, self, each.name(), raw(each)));
    }
    var type = MethodTypeDesc.of(returned, taken);
    made.withMethodBody(
        name,
        type,
        ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL,
        code -> {
          code.aload(0);
          if (taken.length > 0) {
            code.aload(1);
          }
          code.invokedynamic(
                  DynamicCallSiteDesc.of(
                      OBJECT_METHODS,
                      name,
                      type.insertParameterTypes(0, self),
                      constants.toArray(ConstantDesc[]::new)))
              .return_(TypeKind.from(returned));
        });
  }

  private static ClassDesc raw(Argument argument) {
    return TypeSignature.raw(argument.type()).describeConstable().orElseThrow();
  }

  private static List<Attribute<?>> attributes(Argument argument, boolean annotated) {
    var attributes = new ArrayList<Attribute<?>>();
    attributes.add(SignatureAttribute.of(TypeSignature.of(argument.type())));
    if (annotated) {
      var annotations = new ArrayList<Annotation>();
      if (argument.description() != null) {
        annotations.add(valued(DESCRIPTION, argument.description()));
      }
      if (argument.byDefault() != null) {
        annotations.add(valued(DEFAULT, argument.byDefault()));
      }
      attributes.add(RuntimeVisibleAnnotationsAttribute.of(annotations));
      if (argument.isNullable()) {
        attributes.add(
            RuntimeVisibleTypeAnnotationsAttribute.of(
                TypeAnnotation.of(
                    TypeAnnotation.TargetInfo.ofField(), List.of(), Annotation.of(NULLABLE))));
      }
    }
    return attributes;
  }

  private static Annotation valued(ClassDesc type, String value) {
    return Annotation.of(type, AnnotationElement.ofString("value", value));
  }
}
