import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { modelsQuery } from "../../api/models.ts";
import { orderQuery } from "../../api/orders.ts";
import { ErrorState } from "../../components/error-state.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { exampleForm, type FormState, formOfOrder } from "./form-state.ts";
import { OrderForm } from "./order-form.tsx";
import { readSavedForm } from "./saved-form.ts";

const route = getRouteApi("/");

export function NewOrderPage() {
  const { from } = route.useSearch();
  return (
    <>
      <PageHeader title="New order">Say what to make and how many. Images appear one by one as they land.</PageHeader>
      {from === undefined ? <BlankForm /> : <FormOfOrder key={from} id={from} />}
    </>
  );
}

function BlankForm() {
  const models = useQuery(modelsQuery);
  // A form that is being filled in stays when the models are read again and do not come.
  if (models.data) return <OrderForm models={models.data} initial={withKnownModel(readSavedForm(), models.data)} />;
  if (models.error) return <ErrorState error={models.error} onRetry={() => void models.refetch()} />;
  return <SkeletonRows rows={5} name="the models" />;
}

/** The order whose settings are used again. */
function FormOfOrder({ id }: { id: string }) {
  const models = useQuery(modelsQuery);
  const order = useQuery(orderQuery(id));
  const error = models.error ?? order.error;
  if (models.data && order.data) {
    return <OrderForm models={models.data} initial={formOfOrder(order.data, readSavedForm().budget)} />;
  }
  if (error) {
    const retry = () => void Promise.all([models.refetch(), order.refetch()]);
    return <ErrorState error={error} onRetry={retry} />;
  }
  return <SkeletonRows rows={5} name="the order" />;
}

/** The example's model is not offered everywhere. */
function withKnownModel(
  form: FormState,
  models: readonly { readonly provider: string; readonly model: string }[],
): FormState {
  const isOffered = models.some(({ provider, model }) => provider === form.provider && model === form.model);
  const [first] = models;
  if (isOffered || !first || form.model !== exampleForm.model) return form;
  return { ...form, provider: first.provider, model: first.model };
}
