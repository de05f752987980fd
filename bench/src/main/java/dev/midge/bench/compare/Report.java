// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import java.util.List;
import java.util.Map;

/**
 * All of a run.
 *
 * @param facts about it: the server, the machine, how long it took, in the order in which they are told
 * @param leftOut a line for each contender that could not take part
 */
record Report(Map<String, String> facts, List<String> leftOut, List<Result> results) {}
