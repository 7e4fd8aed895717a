/* The table of an instruction set, which its file ends with. Define NAME before the include. */
#define TABLE(variable)                                                                                            \
    const training_kernels variable = {                                                                            \
        NAME,          PER_WORD, pack_rows,        pack_columns, pack_transposed, multiply,           layer_norm,  \
        layer_norm_backward, gelu, gelu_backward,  drop,         attention,       attention_backward, lstm,        \
        lstm_backward, adamw,    add,              add_rows,     sum_of_squares,  sample,                           \
    }
