// A labelled input. The parts are those of the Utrecht library; here they are tied together once.

import {
  FormField,
  FormFieldDescription,
  FormFieldErrorMessage,
  FormLabel,
  Select,
  SelectOption,
  Textarea,
  Textbox,
} from "@utrecht/component-library-react";
import { useId, type ComponentProps, type ReactNode } from "react";

interface Labelled {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
}

interface Tied {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly invalid: boolean;
}

function Field({ label, hint, error, children }: Labelled & { readonly children: (tied: Tied) => ReactNode }) {
  const id = useId();
  const hintId = `${id}-hint`;
  const errorId = `${id}-error`;
  const described = [hint && hintId, error && errorId].filter(Boolean).join(" ");
  return (
    <FormField invalid={Boolean(error)} className="zh-field">
      <FormLabel htmlFor={id}>{label}</FormLabel>
      {hint && <FormFieldDescription id={hintId}>{hint}</FormFieldDescription>}
      {error && <FormFieldErrorMessage id={errorId}>{error}</FormFieldErrorMessage>}
      {children({ id, "aria-describedby": described || undefined, invalid: Boolean(error) })}
    </FormField>
  );
}

export function TextField({ label, hint, error, ...rest }: Labelled & ComponentProps<typeof Textbox>) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(tied) => <Textbox {...tied} {...rest} />}
    </Field>
  );
}

export function TextareaField({ label, hint, error, ...rest }: Labelled & ComponentProps<typeof Textarea>) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(tied) => <Textarea rows={3} {...tied} {...rest} />}
    </Field>
  );
}

interface Option {
  readonly value: string;
  readonly label: string;
}

type SelectFieldProps = Labelled & { readonly options: readonly Option[] } & ComponentProps<typeof Select>;

export function SelectField({ label, hint, error, options, ...rest }: SelectFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(tied) => (
        <Select {...tied} {...rest}>
          {options.map((option) => (
            <SelectOption key={option.value} value={option.value}>
              {option.label}
            </SelectOption>
          ))}
        </Select>
      )}
    </Field>
  );
}
