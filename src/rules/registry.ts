import { evalMistakenForFreeze } from './eval-mistaken-for-freeze.ts';
import { evalUndoneByTrain } from './eval-undone-by-train.ts';
import { forcedLossRequiresGrad } from './forced-loss-requires-grad.ts';
import { freezeContradictsName } from './freeze-contradicts-name.ts';
import { freezeMethodShadowed } from './freeze-method-shadowed.ts';
import { freezeNeverExecuted } from './freeze-never-executed.ts';
import { freezeUndone } from './freeze-undone.ts';
import { frozenBatchNormInTrainMode } from './frozen-batchnorm-in-train-mode.ts';
import { frozenParamsInOptimizer } from './frozen-params-in-optimizer.ts';
import { inferenceModeFeatures } from './inference-mode-features.ts';
import { kerasTrainableAttribute } from './keras-trainable-attribute.ts';
import { layerIndexPrefixMatch } from './layer-index-prefix-match.ts';
import { misspelledRequiresGrad } from './misspelled-requires-grad.ts';
import { moduleReplacedAfterOptimizer } from './module-replaced-after-optimizer.ts';
import { moduleReplacedOnWrapper } from './module-replaced-on-wrapper.ts';
import { nameFilterMatchesNothing } from './name-filter-matches-nothing.ts';
import { nameTestAlwaysTrue } from './name-test-always-true.ts';
import { namedParametersNotUnpacked } from './named-parameters-not-unpacked.ts';
import { newHeadFrozen } from './new-head-frozen.ts';
import { newHeadNeverUsed } from './new-head-never-used.ts';
import { nonBoolRequiresGrad } from './non-bool-requires-grad.ts';
import { nothingToTrain } from './nothing-to-train.ts';
import { optimizerReboundInFunction } from './optimizer-rebound-in-function.ts';
import { paramGroupAddedTwice } from './param-group-added-twice.ts';
import { parameterIteratorReused } from './parameter-iterator-reused.ts';
import { parametersNotASequence } from './parameters-not-a-sequence.ts';
import { parametersNotCalled } from './parameters-not-called.ts';
import { reentrantCheckpointFrozenInput } from './reentrant-checkpoint-frozen-input.ts';
import { requiresGradCalled } from './requires-grad-called.ts';
import { requiresGradChangedAfterWrap } from './requires-grad-changed-after-wrap.ts';
import { requiresGradCompared } from './requires-grad-compared.ts';
import { requiresGradMethodAsCondition } from './requires-grad-method-as-condition.ts';
import { requiresGradMethodOverwritten } from './requires-grad-method-overwritten.ts';
import { requiresGradOnCopy } from './requires-grad-on-copy.ts';
import { requiresGradOnModule } from './requires-grad-on-module.ts';
import { requiresGradOnNonLeaf } from './requires-grad-on-non-leaf.ts';
import type { Rule } from './rule.ts';
import { schedulerOutOfSync } from './scheduler-out-of-sync.ts';
import { staleGradAfterFreeze } from './stale-grad-after-freeze.ts';
import { trainableOutsideOptimizer } from './trainable-outside-optimizer.ts';
import { trainableTensorNotRegistered } from './trainable-tensor-not-registered.ts';
import { trainingWithoutGrad } from './training-without-grad.ts';
import { unfrozenParamsNotInOptimizer } from './unfrozen-params-not-in-optimizer.ts';
import { unusedSuppression } from './unused-suppression.ts';

/** Every rule, by code. */
export const rules: readonly Rule[] = [
  requiresGradOnModule,
  requiresGradMethodOverwritten,
  misspelledRequiresGrad,
  requiresGradCompared,
  requiresGradOnCopy,
  kerasTrainableAttribute,
  freezeNeverExecuted,
  requiresGradMethodAsCondition,
  freezeMethodShadowed,
  parametersNotCalled,
  parametersNotASequence,
  namedParametersNotUnpacked,
  nonBoolRequiresGrad,
  requiresGradOnNonLeaf,
  requiresGradCalled,
  newHeadFrozen,
  freezeUndone,
  layerIndexPrefixMatch,
  nameFilterMatchesNothing,
  nothingToTrain,
  nameTestAlwaysTrue,
  newHeadNeverUsed,
  trainableTensorNotRegistered,
  freezeContradictsName,
  unfrozenParamsNotInOptimizer,
  moduleReplacedAfterOptimizer,
  parameterIteratorReused,
  paramGroupAddedTwice,
  optimizerReboundInFunction,
  schedulerOutOfSync,
  staleGradAfterFreeze,
  frozenParamsInOptimizer,
  trainableOutsideOptimizer,
  forcedLossRequiresGrad,
  trainingWithoutGrad,
  inferenceModeFeatures,
  reentrantCheckpointFrozenInput,
  frozenBatchNormInTrainMode,
  evalUndoneByTrain,
  evalMistakenForFreeze,
  requiresGradChangedAfterWrap,
  moduleReplacedOnWrapper,
  unusedSuppression,
];
