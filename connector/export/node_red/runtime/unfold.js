"use strict";

// A palette as it is written has equal fields once, and equal schemas once, and says of each where it stands.

/** The palette with the fields of each block and trigger, and each field's schema, in their places. */
function unfold(palette) {
    palette.fields.forEach(function (field) {
        field.schema = palette.schemas[field.schema];
    });
    palette.blocks.concat(palette.triggers).forEach(function (block) {
        block.fields = block.fields.map(function (place) {
            return palette.fields[place];
        });
    });
    return palette;
}

module.exports = { unfold };
