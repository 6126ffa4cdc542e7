/// The controllers process: what it is configured with, how it is put together, how it ends.
@NullMarked
package io.paas.controllers;

import org.jspecify.annotations.NullMarked;
